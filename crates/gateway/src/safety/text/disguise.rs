//! Letters that only look Latin. Those of `latin_of` are read as Latin always; those of `lookalike` only in a word that has Latin letters
//! too, because they are also the ordinary letters of Cyrillic and Greek.

use std::sync::LazyLock;

/// Small capitals, regional indicators and squared letters: nobody writes a language with them.
pub(super) fn latin_of(c: char) -> Option<char> {
    let code = c as u32;
    let from_run = |first: u32| char::from_u32(u32::from(b'a') + code - first);
    match code {
        0x1F1E6..=0x1F1FF => from_run(0x1F1E6),
        0x1F130..=0x1F149 => from_run(0x1F130),
        0x1F150..=0x1F169 => from_run(0x1F150),
        0x1F170..=0x1F189 => from_run(0x1F170),
        _ => {
            const SMALL: &str = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";
            match c {
                'ı' => Some('i'),
                'ȷ' => Some('j'),
                'ø' | 'Ø' => Some('o'),
                'ł' | 'Ł' => Some('l'),
                'đ' | 'Đ' => Some('d'),
                _ if !matches!(code, 0x250..=0x2AF | 0x1D00..=0x1D7F | 0xA700..=0xA7FF) => None,
                _ => {
                    SMALL.chars().position(|small| small == c).and_then(|i| char::from_u32(u32::from(b'a') + i as u32))
                }
            }
        }
    }
}

/// What a Cyrillic, Greek or Armenian lower-case letter looks like.
pub(super) fn lookalike(c: char) -> Option<char> {
    let index = (c as u32).checked_sub(FIRST)? as usize;
    let latin = *LOOKALIKES.get(index)?;
    (latin != 0).then_some(char::from(latin))
}

const FIRST: u32 = 0x370;
const PAIRS: &str = "аaеeоoрpсcуyхxѕsіiјjһhԁdԛqԝwвbкkмmнhтtгrпnαaεeοoρpνvτtιiκkυuχxηnωwγyβbσoցgոnսuօoհhӏlґr";

static LOOKALIKES: LazyLock<[u8; 0x220]> = LazyLock::new(|| {
    let mut table = [0; 0x220];
    let mut pairs = PAIRS.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if let Some(entry) = table.get_mut((from as u32).saturating_sub(FIRST) as usize) {
            *entry = to as u8;
        }
    }
    table
});
