//! What keeps one file from filling the memory. In: streams and whole files. Out: unpacked bytes, or nothing where they would be too many.

use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::Stream;

/// No stream that text is read from unpacks to more than this; a page of text takes some 50 KB.
const UNPACKED: usize = 128 << 20;
/// The most that one step of unpacking can blow up its input (Flate: 1,032 times; LZW: 1,365 times).
const RATIO: usize = 1_400;

/// The unpacked bytes of a stream that is no picture.
pub(super) fn decoded(stream: &Stream) -> Option<Vec<u8>> {
    let packed = stream.raw_data();
    let steps = stream
        .filters()
        .iter()
        .filter(|filter| matches!(filter, Filter::FlateDecode | Filter::LzwDecode | Filter::RunLengthDecode))
        .count();
    let most = (0..steps).fold(packed.len(), |size, _| size.saturating_mul(RATIO));
    if steps > 1 && most > UNPACKED * 16 || steps == 1 && most > UNPACKED && inflated(&packed) > UNPACKED {
        return None;
    }
    Some(stream.decoded_data().ok()?.into_owned())
}

/// Whether an object or reference stream of the file unpacks to more than may be: these are unpacked before any page is read.
pub(super) fn is_bomb(file: &[u8]) -> bool {
    starts(file).any(|at| {
        let head = String::from_utf8_lossy(&file[at.saturating_sub(600)..at]);
        let dict = head.rsplit("obj").next().unwrap_or("");
        let is_index = dict.contains("/ObjStm") || dict.contains("/XRef");
        let is_twice = dict.matches("Decode").count() > 2;
        let tail = &file[at..];
        is_index && (is_twice || tail.len() > UNPACKED / RATIO && inflated(tail) > UNPACKED)
    })
}

/// Where the bytes of streams begin.
fn starts(file: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memmem::find_iter(file, b"stream").filter_map(move |at| {
        let body = at + 6 + file.get(at + 6..)?.iter().take(2).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        (!file[..at].ends_with(b"end")).then_some(body)
    })
}

/// How many bytes zlib data unpack to, at most a little over `UNPACKED`.
fn inflated(packed: &[u8]) -> usize {
    let (mut decoder, mut buffer, mut size) = (ZlibDecoder::new(packed), vec![0; 1 << 16], 0);
    while size <= UNPACKED {
        match decoder.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(read) => size += read,
        }
    }
    size
}
