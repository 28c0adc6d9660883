/// RFC 6901, 3: empty, or tokens that each begin with `/`, in which `~` is written `~0`.
pub(super) fn is_json_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/'))
        && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}
