//! What a call tells its guest, and how one ends it.

use core::fmt;
use wasmetal::Error;

macro_rules! errnos {
    ($($number:literal $name:ident $text:literal)*) => {
        /// Errors of WASI, with its numbers (`wasi_snapshot_preview1`: `errno`).
        ///
        /// ```
        /// use wasmetal_wasi::Errno;
        ///
        /// assert_eq!(Errno::Noent as u16, 44);
        /// assert_eq!(Errno::Noent.to_string(), "no such file or directory");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Errno {
            $(#[doc = concat!("`", stringify!($name), "`: ", $text, ".")] $name = $number,)*
        }

        impl Errno {
            fn text(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

errnos! {
    1 TooBig "argument list too long"
    2 Acces "permission denied"
    3 Addrinuse "address in use"
    4 Addrnotavail "address not available"
    5 Afnosupport "address family not supported"
    6 Again "resource unavailable, or operation would block"
    7 Already "connection already in progress"
    8 Badf "bad file descriptor"
    9 Badmsg "bad message"
    10 Busy "device or resource busy"
    11 Canceled "operation canceled"
    12 Child "no child processes"
    13 Connaborted "connection aborted"
    14 Connrefused "connection refused"
    15 Connreset "connection reset"
    16 Deadlk "resource deadlock would occur"
    17 Destaddrreq "destination address required"
    18 Dom "mathematics argument out of domain of function"
    19 Dquot "disk quota exceeded"
    20 Exist "file exists"
    21 Fault "bad address"
    22 Fbig "file too large"
    23 Hostunreach "host is unreachable"
    24 Idrm "identifier removed"
    25 Ilseq "illegal byte sequence"
    26 Inprogress "operation in progress"
    27 Intr "interrupted function"
    28 Inval "invalid argument"
    29 Io "I/O error"
    30 Isconn "socket is connected"
    31 Isdir "is a directory"
    32 Loop "too many levels of symbolic links"
    33 Mfile "file descriptor value too large"
    34 Mlink "too many links"
    35 Msgsize "message too large"
    36 Multihop "multihop attempted"
    37 Nametoolong "filename too long"
    38 Netdown "network is down"
    39 Netreset "connection aborted by network"
    40 Netunreach "network unreachable"
    41 Nfile "too many files open in system"
    42 Nobufs "no buffer space available"
    43 Nodev "no such device"
    44 Noent "no such file or directory"
    45 Noexec "executable file format error"
    46 Nolck "no locks available"
    47 Nolink "link has been severed"
    48 Nomem "not enough space"
    49 Nomsg "no message of the desired type"
    50 Noprotoopt "protocol not available"
    51 Nospc "no space left on device"
    52 Nosys "function not supported"
    53 Notconn "the socket is not connected"
    54 Notdir "not a directory or a symbolic link to a directory"
    55 Notempty "directory not empty"
    56 Notrecoverable "state not recoverable"
    57 Notsock "not a socket"
    58 Notsup "not supported"
    59 Notty "inappropriate I/O control operation"
    60 Nxio "no such device or address"
    61 Overflow "value too large to be stored in data type"
    62 Ownerdead "previous owner died"
    63 Perm "operation not permitted"
    64 Pipe "broken pipe"
    65 Proto "protocol error"
    66 Protonosupport "protocol not supported"
    67 Prototype "protocol wrong type for socket"
    68 Range "result too large"
    69 Rofs "read-only file system"
    70 Spipe "invalid seek"
    71 Srch "no such process"
    72 Stale "stale handle"
    73 Timedout "connection timed out"
    74 Txtbsy "text file busy"
    75 Xdev "cross-device link"
    76 Notcapable "capabilities insufficient"
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl core::error::Error for Errno {}

/// The guest has called `proc_exit` with this status, from 0 to 125.
///
/// The call into the guest ends with an error of this type: found by `error.downcast_ref::<I32Exit>()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct I32Exit(pub i32);

impl fmt::Display for I32Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exited with status {}", self.0)
    }
}

impl core::error::Error for I32Exit {}

/// How a call did not succeed.
pub(crate) enum Fault {
    /// The guest is told.
    Errno(Errno),
    /// The guest ends.
    End(Error),
}

impl From<Errno> for Fault {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::End(error)
    }
}

/// What a call comes to, for its guest.
pub(crate) type Done<T = ()> = Result<T, Fault>;
