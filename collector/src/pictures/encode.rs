//! From a file to a picture: decoded, turned upright, made no larger than a prompt can show, encoded again. Pure.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, imageops};
use sha2::{Digest, Sha256};

use crate::auth::secret::hex;

/// Longest side that is kept, in pixels: a modal is 480 wide, on the densest screens three times that.
const LONGEST: u32 = 1600;

/// Longest side that is looked at: beyond it a small file unpacks to more memory than it is worth.
const LARGEST: u32 = 10_000;

/// Most memory that unpacking may take, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;

/// How good a photograph is, of 100.
const QUALITY: u8 = 82;

/// A picture, made anew.
#[derive(Debug)]
pub struct Made {
    /// 32 hexadecimal digits of its bytes' SHA-256.
    pub hash: String,
    /// `jpg`, or `png` where something can be seen through.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// Makes a picture anew; else a code and a sentence for a person.
pub fn anew(file: &[u8]) -> Result<Made, (&'static str, String)> {
    let unreadable =
        || ("not_a_picture", "This is no picture that can be read: give a PNG, a JPEG or a WebP.".to_owned());
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| unreadable())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let too_large = || ("too_large", format!("The picture is too large: at most {LARGEST} pixels a side."));
    let told = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => too_large(),
        _ => unreadable(),
    };
    let mut decoder = reader.into_decoder().map_err(told)?;
    let upright = decoder.orientation().map_err(told)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(told)?;
    picture.apply_orientation(upright);
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.resize(LONGEST, LONGEST, imageops::FilterType::Lanczos3);
    }
    let pixels = picture.to_rgba8();
    let is_seen_through = pixels.pixels().any(|pixel| pixel.0[3] < 255);
    let mut bytes = Vec::new();
    let kind = if is_seen_through {
        let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
        DynamicImage::ImageRgba8(pixels).write_with_encoder(encoder).map_err(told)?;
        "png"
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
        DynamicImage::ImageRgb8(picture.to_rgb8()).write_with_encoder(encoder).map_err(told)?;
        "jpg"
    };
    let hash = hex(&Sha256::digest(&bytes)[..16]);
    Ok(Made { hash, kind, bytes, size: (picture.width(), picture.height()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};

    fn file(width: u32, height: u32, alpha: u8, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba([200, 30, 30, alpha])));
        let picture = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_made_anew_and_all_else_is_refused() {
        for (file, kind, size) in [
            (file(640, 400, 255, ImageFormat::Png), "jpg", (640, 400)),
            (file(640, 400, 100, ImageFormat::Png), "png", (640, 400)),
            (file(640, 400, 255, ImageFormat::Jpeg), "jpg", (640, 400)),
            (file(640, 400, 100, ImageFormat::WebP), "png", (640, 400)),
            (file(3200, 800, 255, ImageFormat::Png), "jpg", (1600, 400)),
        ] {
            let made = anew(&file).unwrap();
            assert_eq!((made.kind, made.size), (kind, size));
            assert_eq!(made.hash, anew(&file).unwrap().hash, "the same picture is one");
            assert!(!made.bytes.is_empty() && made.bytes != file);
        }
        let mut cut = file(640, 400, 255, ImageFormat::Jpeg);
        cut.truncate(300);
        for (file, code) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(), "not_a_picture"),
            (b"<html>".to_vec(), "not_a_picture"),
            (Vec::new(), "not_a_picture"),
            (cut, "not_a_picture"),
            (file(10_001, 1, 255, ImageFormat::Png), "too_large"),
        ] {
            assert_eq!(anew(&file).unwrap_err().0, code);
        }
    }
}
