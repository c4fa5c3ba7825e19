//! The arithmetic of resizing: which part of an image is taken, and how large it becomes.
//! It knows sizes only, never a pixel.

use serde::{Deserialize, Serialize};

/// What is to become of an image's size, in pixels. The order is part of the names of outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Op {
    /// This size, whatever its own shape.
    Scale(u32, u32),
    /// This width, and the height that keeps its shape.
    FitWidth(u32),
    /// This height, and the width that keeps its shape.
    FitHeight(u32),
    /// No wider and no higher than this; a smaller image stays as it is.
    Fit(u32, u32),
    /// This size, from the largest middle part of this shape.
    Fill(u32, u32),
}

/// A part of an image: left, top, width, height.
pub(crate) type Part = (u32, u32, u32, u32);

/// What is to be done with the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The part that is taken; none for the whole image.
    pub crop: Option<Part>,
    /// The size it is given; none where it stays as it is.
    pub size: Option<(u32, u32)>,
}

/// The difference between the factors of the two edges up to which `Fill` cuts nothing off.
const SAME_SHAPE: f32 = 0.1;

impl Op {
    /// Its number in Zola's names.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Scale(..) => 0,
            Self::FitWidth(_) => 1,
            Self::FitHeight(_) => 2,
            Self::Fit(..) => 3,
            Self::Fill(..) => 4,
        }
    }

    /// The sizes it names.
    pub(crate) fn sizes(self) -> Vec<u32> {
        match self {
            Self::Scale(width, height) | Self::Fit(width, height) | Self::Fill(width, height) => vec![width, height],
            Self::FitWidth(edge) | Self::FitHeight(edge) => vec![edge],
        }
    }

    /// What to do with an image of this size.
    pub(crate) fn plan(self, width: u32, height: u32) -> Plan {
        let to = |size| Plan { crop: None, size: Some(size) };
        match self {
            Self::Scale(to_width, to_height) => to((to_width, to_height)),
            Self::FitWidth(to_width) => to((to_width, share(height, to_width, width))),
            Self::FitHeight(to_height) => to((share(width, to_height, height), to_height)),
            Self::Fit(most_width, most_height) if width <= most_width && height <= most_height => {
                Plan { crop: None, size: None }
            }
            Self::Fit(most_width, most_height) => {
                let wider = u64::from(width) * u64::from(most_height) > u64::from(height) * u64::from(most_width);
                if wider { Self::FitWidth(most_width) } else { Self::FitHeight(most_height) }.plan(width, height)
            }
            Self::Fill(to_width, to_height) => {
                Plan { crop: middle((width, height), (to_width, to_height)), size: Some((to_width, to_height)) }
            }
        }
    }

    /// The size of what it makes of an image of this size.
    pub(crate) fn size(self, width: u32, height: u32) -> (u32, u32) {
        self.plan(width, height).size.unwrap_or((width, height))
    }
}

/// `edge` made smaller as `whole` becomes `part`, rounded down but never to nothing.
fn share(edge: u32, part: u32, whole: u32) -> u32 {
    let size = u64::from(edge) * u64::from(part) / u64::from(whole.max(1));
    u32::try_from(size).unwrap_or(u32::MAX).max(1)
}

/// The largest middle part of an image in the shape of `to`; none where its own is near enough.
/// The numbers are of the precision that Zola's are, so that the same pixels are cut off.
fn middle((width, height): (u32, u32), (to_width, to_height): (u32, u32)) -> Option<Part> {
    let across = width as f32 / to_width.max(1) as f32;
    let down = height as f32 / to_height.max(1) as f32;
    if (across - down).abs() <= SAME_SHAPE {
        return None;
    }
    if across > down {
        let part = ((to_width as f32 * down).round() as u32).clamp(1, width.max(1));
        Some(((width - part.min(width)) / 2, 0, part, height))
    } else {
        let part = ((to_height as f32 * across).round() as u32).clamp(1, height.max(1));
        Some((0, (height - part.min(height)) / 2, width, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_shape_rounds_the_other_edge_down() {
        // 480 × 150 / 640 = 112.5; 640 × 101 / 480 = 134.67; 201 × 7 / 300 = 4.69.
        assert_eq!(Op::FitWidth(150).size(640, 480), (150, 112));
        assert_eq!(Op::FitHeight(101).size(640, 480), (134, 101));
        assert_eq!(Op::FitWidth(7).size(300, 201), (7, 4));
        // Exact products that a division in floating point would miss by one.
        assert_eq!(Op::FitWidth(308).size(28, 185), (308, 2035));
        assert_eq!(Op::FitWidth(185).size(370, 342), (185, 171));
        assert_eq!(Op::FitWidth(1000).size(640, 480), (1000, 750));
        assert_eq!(Op::FitWidth(1).size(640, 480), (1, 1));
    }

    #[test]
    fn fit_never_makes_an_image_larger() {
        assert_eq!(Op::Fit(5000, 5000).plan(640, 480), Plan { crop: None, size: None });
        assert_eq!(Op::Fit(640, 480).plan(640, 480), Plan { crop: None, size: None });
        assert_eq!(Op::Fit(150, 150).size(640, 480), (150, 112));
        assert_eq!(Op::Fit(5000, 100).size(640, 480), (133, 100));
        assert_eq!(Op::Fit(100, 5000).size(640, 480), (100, 75));
        assert_eq!(Op::Fit(320, 240).size(640, 480), (320, 240));
    }

    #[test]
    fn fill_takes_the_largest_middle_part() {
        // 30 × 78 / 46 = 50.87, so 51 columns; (122 − 51) / 2 = 35.
        assert_eq!(Op::Fill(30, 46).plan(122, 78), Plan { crop: Some((35, 0, 51, 78)), size: Some((30, 46)) });
        // 10 × 156 / 58 = 26.9, so 27 rows; (57 − 27) / 2 = 15.
        assert_eq!(Op::Fill(58, 10).plan(156, 57), Plan { crop: Some((0, 15, 156, 27)), size: Some((58, 10)) });
        assert_eq!(Op::Fill(150, 150).plan(640, 480).crop, Some((80, 0, 480, 480)));
    }

    #[test]
    fn fill_cuts_nothing_off_where_the_shapes_are_near() {
        let cuts = |width, height, to| Op::Fill(to, to).plan(width, height).crop;
        assert_eq!(cuts(104, 100, 50), None);
        assert_eq!(cuts(105, 100, 50), None);
        assert_eq!(cuts(106, 100, 50), Some((3, 0, 100, 100)));
        // 8.1 − 8 is more than 0.1 in single precision.
        assert_eq!(cuts(405, 400, 50), Some((2, 0, 400, 400)));
        assert_eq!(cuts(110, 100, 100), Some((5, 0, 100, 100)));
    }

    #[test]
    fn nothing_overflows_and_nothing_divides_by_zero() {
        for op in [Op::Scale(0, 0), Op::FitWidth(u32::MAX), Op::FitHeight(0), Op::Fit(0, 0), Op::Fill(0, u32::MAX)] {
            for (width, height) in [(0, 0), (1, u32::MAX), (u32::MAX, 1), (u32::MAX, u32::MAX)] {
                if let Some((left, top, across, down)) = op.plan(width, height).crop {
                    assert!(u64::from(left) + u64::from(across) <= u64::from(width.max(1)));
                    assert!(u64::from(top) + u64::from(down) <= u64::from(height.max(1)));
                }
            }
        }
    }
}
