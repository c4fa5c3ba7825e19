//! The virtual display and pictures of what is on it, read from the memory that it paints into.
//! It looks at pixels only, so that a picture never waits for the window.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::group::Group;

/// A display that ends with it.
pub struct Screen {
    _server: Group,
    /// `:N`.
    pub name: String,
    memory: TempDir,
}

impl Screen {
    /// Starts Xvfb, which picks a free display itself, and says which when it is ready.
    pub fn start() -> Self {
        let memory = tempfile::tempdir().expect("a folder");
        let mut server = Group::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset", "-fbdir"])
                .arg(memory.path())
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let said = server.child().stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line).expect("the number of the display");
        assert!(!line.trim().is_empty(), "Xvfb did not start");
        Self { _server: server, name: format!(":{}", line.trim()), memory }
    }

    /// Writes what is on the screen as a PNG file.
    pub fn picture(&self, file: &Path) {
        let image = std::fs::read(self.memory.path().join("Xvfb_screen0")).expect("the display's memory");
        let (width, height, pixels) = decode(&image);
        let out = BufWriter::new(File::create(file).expect("a file"));
        let mut encoder = png::Encoder::new(out, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header().and_then(|mut png| png.write_image_data(&pixels)).expect("a picture");
    }
}

/// Takes an X window dump of 32 bits a pixel apart (`XWDFile.h`: a header of big-endian words,
/// a colour map, then lines of blue, green, red and an unused byte).
fn decode(image: &[u8]) -> (u32, u32, Vec<u8>) {
    let word = |at: usize| {
        let bytes: [u8; 4] = image[at * 4..at * 4 + 4].try_into().expect("four bytes");
        u32::from_be_bytes(bytes)
    };
    let (header, width, height, line, colours) = (word(0), word(4), word(5), word(12), word(19));
    assert_eq!(word(11), 32, "bits a pixel");
    let start = header as usize + colours as usize * 12;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for row in 0..height as usize {
        let from = start + row * line as usize;
        for pixel in image[from..from + width as usize * 4].chunks_exact(4) {
            pixels.extend([pixel[2], pixel[1], pixel[0]]);
        }
    }
    (width, height, pixels)
}
