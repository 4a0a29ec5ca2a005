//! The names in a RAR archive, for the message that refuses it. In: the bytes. Out: names, as far as the headers can be followed.
//! Unpacks nothing. Layout of the headers: the technical notes of RAR 4.x and RAR 5.0 by its author.

/// The names of the members, at most `most` of them.
pub fn names(bytes: &[u8], most: usize) -> Vec<String> {
    const FIVE: &[u8] = b"Rar!\x1A\x07\x01\x00";
    const FOUR: &[u8] = b"Rar!\x1A\x07\x00";
    let mut out = Vec::new();
    if let Some(rest) = bytes.strip_prefix(FIVE) {
        let mut rest = rest;
        while let Some((name, next)) = five(rest).filter(|_| out.len() < most) {
            out.extend(name);
            rest = next;
        }
    } else if let Some(mut rest) = bytes.strip_prefix(FOUR) {
        while let Some((name, next)) = four(rest).filter(|_| out.len() < most) {
            out.extend(name);
            rest = next;
        }
    }
    out
}

/// One block of RAR 5.0: the name where it is a file, and what follows the block.
fn five(block: &[u8]) -> Option<(Option<String>, &[u8])> {
    let mut head = Bytes(block.get(4..)?);
    let size = head.vint()?;
    let (mut fields, after) = (Bytes(head.0.get(..size)?), head.0.get(size..)?);
    let (kind, flags) = (fields.vint()?, fields.vint()?);
    if flags & 1 != 0 {
        fields.vint()?;
    }
    let data = if flags & 2 != 0 { fields.vint()? } else { 0 };
    let name = (kind == 2).then(|| five_name(fields)).flatten();
    Some((name, after.get(data..)?))
}

fn five_name(mut fields: Bytes) -> Option<String> {
    let flags = fields.vint()?;
    let _unpacked = (fields.vint()?, fields.vint()?);
    fields.skip(if flags & 2 != 0 { 4 } else { 0 } + if flags & 4 != 0 { 4 } else { 0 })?;
    let _compression = (fields.vint()?, fields.vint()?);
    let length = fields.vint()?;
    Some(String::from_utf8_lossy(fields.0.get(..length)?).into_owned())
}

/// One block of RAR 4.x.
fn four(block: &[u8]) -> Option<(Option<String>, &[u8])> {
    const FILE: u8 = 0x74;
    let two = |at: usize| Some(usize::from(u16::from_le_bytes(block.get(at..at + 2)?.try_into().ok()?)));
    let (kind, flags, size) = (*block.get(2)?, two(3)?, two(5)?.max(7));
    let packed = if flags & 0x8000 != 0 || kind == FILE { u32::from_le_bytes(block.get(7..11)?.try_into().ok()?) as usize } else { 0 };
    let name = (kind == FILE).then(|| {
        let start = if flags & 0x100 != 0 { 40 } else { 32 };
        let name = block.get(start..start + two(26)?)?;
        // A name in two encodings has the plain one first, closed by a zero.
        let plain = name.split(|b| *b == 0).next().unwrap_or(name);
        Some(super::archive::name(plain))
    });
    Some((name.flatten(), block.get(size.checked_add(packed)?..)?))
}

struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    /// Seven bits a byte, the lowest first; the highest bit says that another byte follows.
    fn vint(&mut self) -> Option<usize> {
        let mut value = 0usize;
        for shift in (0..63).step_by(7) {
            let (first, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= usize::from(first & 0x7F) << shift;
            if first & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.0 = self.0.get(bytes..)?;
        Some(())
    }
}
