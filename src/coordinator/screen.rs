//! placeholder
#[derive(Debug, Default)]
pub(super) struct Watch {
    seen: Vec<u8>,
}
impl Watch {
    pub(super) fn see(&mut self, piece: &[u8]) -> bool {
        self.seen.extend_from_slice(piece);
        String::from_utf8_lossy(&self.seen).contains('❯')
    }
    pub(super) fn complaint(&self, why: &str) -> String {
        why.to_owned()
    }
}
