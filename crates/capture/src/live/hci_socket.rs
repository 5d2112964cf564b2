//! The socket of a Bluetooth adapter (`net/bluetooth/hci_sock.c` of the kernel): the calls that no safe wrapper offers, and
//! nothing else. This is the only place of the product with `unsafe`.

use std::fs::File;
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

const BTPROTO_HCI: libc::c_int = 1;
/// The channel that hands a whole adapter, which must be down, to one program.
const HCI_CHANNEL_USER: u16 = 1;
/// `_IOW('H', 201, int)` and `_IOW('H', 202, int)`.
const HCIDEVUP: libc::c_ulong = 0x4004_48C9;
const HCIDEVDOWN: libc::c_ulong = 0x4004_48CA;
/// Room for what arrives while we are busy, bytes.
const ROOM: libc::c_int = 4 << 20;

/// `struct sockaddr_hci`.
#[repr(C)]
struct Address {
    family: libc::sa_family_t,
    adapter: u16,
    channel: u16,
}

fn socket() -> io::Result<OwnedFd> {
    let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
    // SAFETY: takes no pointers.
    let socket = unsafe { libc::socket(libc::AF_BLUETOOTH, kind, BTPROTO_HCI) };
    if socket < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor was just made, is valid, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(socket) })
}

/// The user channel of an adapter; reading from it ends after `patience` with [`io::ErrorKind::WouldBlock`]. Each read gives one
/// packet, each write sends one, its H4 indicator in front. Dropped, it brings the adapter down.
///
/// # Errors
/// `EBUSY` while the adapter is up; `EUSERS` while another program has the channel; `EPERM` without `CAP_NET_ADMIN`; `ENODEV`
/// without such an adapter; `EAFNOSUPPORT` without Bluetooth in the kernel; `ERFKILL` when it is switched off.
pub(crate) fn user_channel(adapter: u16, patience: Duration) -> io::Result<File> {
    let socket = socket()?;
    let address = Address {
        family: libc::AF_BLUETOOTH as libc::sa_family_t,
        adapter,
        channel: HCI_CHANNEL_USER,
    };
    // SAFETY: `address` lives through the call, is laid out as the kernel's `struct sockaddr_hci`, and the length is its own.
    let bound = unsafe {
        libc::bind(
            socket.as_raw_fd(),
            (&raw const address).cast(),
            size_of::<Address>() as libc::socklen_t,
        )
    };
    if bound < 0 {
        return Err(io::Error::last_os_error());
    }
    let waits = libc::timeval {
        tv_sec: patience.as_secs() as libc::time_t,
        tv_usec: libc::suseconds_t::from(patience.subsec_micros() as i32),
    };
    option(&socket, libc::SO_RCVTIMEO, &waits)?;
    // More room is welcome, not needed.
    let _ = option(&socket, libc::SO_RCVBUFFORCE, &ROOM);
    Ok(File::from(socket))
}

fn option<T>(socket: &OwnedFd, name: libc::c_int, value: &T) -> io::Result<()> {
    // SAFETY: `value` lives through the call and the length is its own; the two options used above take a plain integer and a
    // `struct timeval`.
    let set = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            name,
            std::ptr::from_ref(value).cast(),
            size_of::<T>() as libc::socklen_t,
        )
    };
    if set < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Brings an adapter down, as `hciconfig hciN down` does.
///
/// # Errors
/// `EBUSY` while another program has its user channel; `EPERM`; `ENODEV`.
pub(crate) fn bring_down(adapter: u16) -> io::Result<()> {
    control(adapter, HCIDEVDOWN)
}

/// Brings an adapter up.
///
/// # Errors
/// `EALREADY` when it is; `EPERM`; `ENODEV`; `ERFKILL`.
pub(crate) fn bring_up(adapter: u16) -> io::Result<()> {
    control(adapter, HCIDEVUP)
}

fn control(adapter: u16, request: libc::c_ulong) -> io::Result<()> {
    let socket = socket()?;
    // SAFETY: both requests take the number of the adapter in place of a pointer.
    let done = unsafe {
        libc::ioctl(
            socket.as_raw_fd(),
            request as _,
            libc::c_ulong::from(adapter),
        )
    };
    if done < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
