//! Formulas: `TeX` in, `MathML` out, which browsers show without a script.
//! The same formula gives the same bytes, whatever stands around it.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// The longest formula that is read, in bytes: more than any page shows in one.
const LONGEST: usize = 64 * 1024;

/// The `MathML` of a formula, or what is wrong with it.
pub(super) fn mathml(tex: &str, display: bool) -> Result<String, String> {
    if tex.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let config = MathCoreConfig { annotation: true, ..MathCoreConfig::default() };
    let converter = LatexToMathML::new(config).map_err(|_| "it cannot be set".to_owned())?;
    let how = if display { MathDisplay::Block } else { MathDisplay::Inline };
    match converter.convert_with_local_state(tex.trim(), how) {
        Ok(made) => Ok(made.mathml),
        Err(error) => Err(error.error_message()),
    }
}

#[cfg(test)]
mod tests {
    use super::mathml;

    #[test]
    fn formulas() {
        let inline = mathml("x^2", false).expect("a formula");
        assert!(inline.starts_with("<math>") && inline.contains("<msup>"), "{inline}");
        assert!(inline.contains("x^2"), "its source is kept for those who copy it: {inline}");
        let display = mathml("\\frac{1}{2}", true).expect("a formula");
        assert!(display.contains("display=\"block\"") && display.contains("<mfrac>"), "{display}");
        assert!(mathml("\\frac{1}{", false).is_err());
        assert!(mathml("\\nosuchcommand", false).is_err());
    }
}
