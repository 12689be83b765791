//! Files in a zip, and out of one.

use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::prompts::files::File;

/// Files in an archive that are looked at.
const FILES_MAX: usize = 1_000;
/// Bytes of a file; larger ones are no documents.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of all that comes out of an archive.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// Packs files. Equal files give equal archives.
pub fn pack(files: &[File]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for file in files {
        zip.start_file(file.path.as_str(), options)?;
        zip.write_all(file.text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Whether these bytes are an archive.
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The `.json` files in an archive. The sentence in `Err` says what is wrong with it.
pub fn unpack(bytes: &[u8]) -> Result<Vec<File>, String> {
    let broken = |error: ZipError| format!("The archive cannot be read: {error}.");
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if zip.len() > FILES_MAX {
        return Err(format!("The archive has {} files; at most {FILES_MAX} are read.", zip.len()));
    }
    let (mut files, mut total) = (Vec::new(), 0);
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(broken)?;
        let path = entry.name().map_err(broken)?.into_owned();
        // What a Mac puts beside each file.
        if !entry.is_file() || !path.ends_with(".json") || path.starts_with("__MACOSX/") {
            continue;
        }
        let mut content = Vec::new();
        // Not what the archive says of its size, which may be anything.
        let read = entry.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut content);
        read.map_err(|error| format!("{path} cannot be read: {error}."))?;
        total += content.len();
        if content.len() > FILE_BYTES_MAX || total > BYTES_MAX {
            return Err(format!("{path} is too large: 1 MB a file, 8 MB in all."));
        }
        files.push(file(path, content)?);
    }
    Ok(files)
}

/// A file of these bytes, which have to be text.
pub fn file(path: String, bytes: Vec<u8>) -> Result<File, String> {
    let text = String::from_utf8(bytes).map_err(|_| format!("{path} is no text, so it is no document."))?;
    // Some editors put a mark in front that is no JSON.
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(File { path, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn what_was_packed_comes_out_again() {
        let files = [one("site.json", "{}"), one("prompts/nps.json", "{\"key\": \"nps\"}"), one("notes.txt", "no")];
        let packed = pack(&files).unwrap();
        assert!(is_archive(&packed) && packed == pack(&files).unwrap());
        let out = unpack(&packed).unwrap();
        let told: Vec<_> = out.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
        assert_eq!(told, [("site.json", "{}"), ("prompts/nps.json", "{\"key\": \"nps\"}")]);
    }

    #[test]
    fn what_is_no_archive_or_too_much_is_refused() {
        assert!(unpack(b"PK\x03\x04 torn").unwrap_err().contains("cannot be read"));
        let large = one("large.json", &" ".repeat(FILE_BYTES_MAX + 1));
        assert!(unpack(&pack(&[large]).unwrap()).unwrap_err().contains("too large"), "a small archive of a large file");
        assert!(file("a.json".to_owned(), vec![0xff]).unwrap_err().contains("no text"));
        assert_eq!(file("a.json".to_owned(), "\u{feff}{}".into()).unwrap().text, "{}");
    }
}
