//! What a template asked an image to become, and the name of the file that holds it.
//! Equal questions have equal names, which are Zola's, so that a site's links stay what they were.

use std::hash::Hasher as _;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

use crate::path::SitePath;

use super::Op;

/// The folder of processed images in the published site.
const FOLDER: &str = "processed_images";

/// The format of a processed image, with the qualities in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Format {
    /// With a quality from 1 to 100.
    Jpeg(u8),
    Png,
    /// With a quality from 0 to 100; without one nothing is lost.
    WebP(Option<u8>),
    /// With a quality from 1 to 100, and a speed from 1 to 10.
    Avif(u8, u8),
}

impl Format {
    /// The extension of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg(_) => "jpg",
            Self::Png => "png",
            Self::WebP(_) => "webp",
            Self::Avif(..) => "avif",
        }
    }

    /// Quality and speed as names have them: -1 where there is none.
    fn numbers(self) -> (i16, i16) {
        match self {
            Self::Png | Self::WebP(None) => (-1, -1),
            Self::Jpeg(quality) | Self::WebP(Some(quality)) => (quality.into(), -1),
            Self::Avif(quality, speed) => (quality.into(), speed.into()),
        }
    }

    /// Whether it can hold what is transparent.
    pub(crate) fn has_alpha(self) -> bool {
        !matches!(self, Self::Jpeg(_))
    }
}

/// One processed image.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Spec {
    /// The file it is made of.
    pub source: SitePath,
    /// The path that the template gave, without a leading `/` or `@/`.
    pub asked: Arc<str>,
    pub op: Op,
    pub format: Format,
}

impl Spec {
    /// The file name: the source's stem, 16 hexadecimal digits, the extension.
    pub(crate) fn name(&self) -> String {
        let mut bytes = self.asked.as_bytes().to_vec();
        bytes.extend(self.op.number().to_le_bytes());
        self.op.sizes().iter().for_each(|size| bytes.extend(size.to_le_bytes()));
        bytes.extend(self.format.extension().as_bytes());
        let (quality, speed) = self.format.numbers();
        bytes.extend(quality.to_le_bytes());
        bytes.extend(speed.to_le_bytes());
        let mut hasher = SipHasher13::new();
        hasher.write(&bytes);
        format!("{}.{:016x}.{}", self.source.stem(), hasher.finish(), self.format.extension())
    }

    /// Where it is published: the same below the address of the site and below its static files.
    pub(crate) fn output(&self) -> Option<SitePath> {
        SitePath::new(&format!("{FOLDER}/{}", self.name())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(asked: &str, op: Op, format: Format) -> String {
        let source = SitePath::new(&format!("static/{asked}")).expect("a path");
        Spec { source, asked: asked.into(), op, format }.name()
    }

    /// The names that Zola 0.23 gave to these.
    #[test]
    fn names_are_zolas() {
        let png = |op| name("imgs/pic.png", op, Format::Png);
        assert_eq!(png(Op::Scale(150, 150)), "pic.54df8ac792e5ec53.png");
        assert_eq!(png(Op::FitWidth(150)), "pic.6c53b388f397d659.png");
        assert_eq!(png(Op::FitHeight(101)), "pic.8b7cf971a0af597c.png");
        assert_eq!(png(Op::Fit(150, 150)), "pic.fa5f003ccdcba4cb.png");
        assert_eq!(png(Op::Fill(150, 150)), "pic.0ce4df42ac7da09a.png");
        let small = |format| name("imgs/pic.png", Op::Fill(5, 5), format);
        assert_eq!(small(Format::Jpeg(30)), "pic.e2a0af5d8d9be464.jpg");
        assert_eq!(small(Format::WebP(None)), "pic.4cdfee2c7a66d030.webp");
        assert_eq!(small(Format::WebP(Some(80))), "pic.ca9ec085adcbba5a.webp");
        assert_eq!(small(Format::Avif(80, 5)), "pic.4cf7f6637e2b1dcb.avif");
        assert_eq!(small(Format::Avif(30, 7)), "pic.43d4fe2edcd311f5.avif");
        assert_eq!(name("imgs/pic.jpg", Op::FitWidth(100), Format::Jpeg(75)), "pic.19517672d03c781b.jpg");
        assert_eq!(name("sp ace/ä b.png", Op::Fill(5, 5), Format::Png), "ä b.1d5ac495ff5f2eef.png");
        assert_eq!(name("noext", Op::Fill(5, 5), Format::Png), "noext.1ac92f8fd811281e.png");
        assert_eq!(name("a.b.c.png", Op::Fill(5, 5), Format::Png), "a.b.c.a889e55c2dc68dbe.png");
    }
}
