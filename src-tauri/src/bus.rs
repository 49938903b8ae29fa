//! Whether another start of the program can be found.

/// Whether the session bus answers, through which starts find each other on Linux. An address
/// alone says little: it outlives its bus in a terminal that was left open or a container.
#[cfg(target_os = "linux")]
pub(crate) fn answers() -> bool {
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").ok().or_else(|| {
        // Where systemd keeps it when nobody says.
        let folder = std::env::var("XDG_RUNTIME_DIR").ok()?;
        Some(format!("unix:path={folder}/bus"))
    });
    address.is_some_and(|addresses| addresses.split(';').any(reachable))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn answers() -> bool {
    true
}

/// Whether something listens at one address of the bus's own form, `unix:path=/run/bus,guid=…`.
#[cfg(target_os = "linux")]
fn reachable(address: &str) -> bool {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixStream};
    let Some(options) = address.strip_prefix("unix:") else { return false };
    options.split(',').any(|option| match option.split_once('=') {
        Some(("path", path)) => UnixStream::connect(unescaped(path)).is_ok(),
        Some(("abstract", name)) => SocketAddr::from_abstract_name(unescaped(name))
            .is_ok_and(|name| UnixStream::connect_addr(&name).is_ok()),
        _ => false,
    })
}

/// The text of a value, in which `%41` stands for `A`.
#[cfg(target_os = "linux")]
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, more @ ..] = rest {
        let digits = more.get(..2).filter(|_| *first == b'%');
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_bus_answers_only_while_it_listens() {
        let folder = std::env::temp_dir().join(format!("anjuan 案 {}", std::process::id()));
        let path = folder.join("bus");
        std::fs::create_dir_all(&folder).expect("a folder");
        let escaped = path.to_string_lossy().replace(' ', "%20");
        let address = format!("unix:path={escaped},guid=00ff");
        assert!(!reachable(&address));
        let bus = std::os::unix::net::UnixListener::bind(&path).expect("listens");
        assert!(reachable(&address));
        drop(bus);
        assert!(!reachable(&address), "the file outlives its bus");
        std::fs::remove_dir_all(&folder).expect("removed");
        for odd in ["", "unix:", "tcp:host=localhost", "unix:path", "unix:path=%", "unix:abstract="]
        {
            assert!(!reachable(odd), "{odd}");
        }
        assert_eq!(unescaped("%2frun/%e6%a1%88%"), "/run/案%");
    }
}
