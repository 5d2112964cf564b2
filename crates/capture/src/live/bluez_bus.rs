//! bluetoothd over D-Bus: calls, and the messages that come by themselves, in a thread of their own.
//!
//! zbus is asynchronous; here every call waits for its answer, as everything in a receiver's thread does.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use vigie_decode::Condition;
use zbus::export::futures_core::Stream as _;
use zbus::message::{Flags, Message};
use zbus::{Connection, DynamicType, MessageStream, OwnedObjectPath, OwnedVariant, block_on};

use crate::live::bluez_device::Properties;
use crate::live::{Lost, SteadyClock};

/// bluetoothd's name on the bus.
pub const BLUEZ: &str = "org.bluez";
/// Interface of an adapter.
pub const ADAPTER: &str = "org.bluez.Adapter1";
/// Interface of a device.
pub const DEVICE: &str = "org.bluez.Device1";
/// Interface of properties.
pub const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// Interface of objects that come and go.
pub const OBJECTS: &str = "org.freedesktop.DBus.ObjectManager";
/// The bus itself.
pub const BUS: &str = "org.freedesktop.DBus";

/// How long a call may take. Connecting to a device takes longest.
const ANSWER_WITHIN: Duration = Duration::from_secs(25);
/// Messages that may wait; beyond, the bus waits.
const WAITING: usize = 1024;

/// Objects by path, with their interfaces' properties.
pub type Objects = HashMap<OwnedObjectPath, HashMap<String, Properties>>;

/// A connection to the system bus.
pub struct Bus {
    connection: Connection,
}

impl Bus {
    /// Connects, and makes sure that bluetoothd is there (it is not started for this).
    pub fn connect() -> Result<Self, Lost> {
        let builder = zbus::connection::Builder::system().method_timeout(ANSWER_WITHIN);
        let connection = block_on(builder.build()).map_err(|e| {
            let what = format!("the D-Bus system bus cannot be reached: {e}");
            Lost::new(Condition::Unplugged, what)
        })?;
        let bus = Self { connection };
        let there: bool = bus
            .ask(BUS, "/org/freedesktop/DBus", BUS, "NameHasOwner", &(BLUEZ,))
            .map_err(|e| Lost::new(Condition::Failing, format!("asking the bus: {e}")))?;
        if there {
            Ok(bus)
        } else {
            bus.close();
            let what = "bluetoothd is not running: systemctl start bluetooth";
            Err(Lost::new(Condition::Unplugged, what))
        }
    }

    /// The connection itself, for objects of our own.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Calls a method and waits for the answer.
    pub fn call<B>(
        &self,
        to: &str,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> zbus::Result<Message>
    where
        B: serde::Serialize + DynamicType,
    {
        let call = self
            .connection
            .call_method(Some(to), path, Some(interface), method, body);
        block_on(call)
    }

    /// Calls a method and does not wait for the answer, which nobody will send.
    pub fn tell<B>(&self, to: &str, path: &str, interface: &str, method: &str, body: &B)
    where
        B: serde::Serialize + DynamicType,
    {
        let message = Message::method_call(path, method)
            .destination(to)
            .interface(interface)
            .with_flags(Flags::NO_REPLY_EXPECTED)
            .build(body);
        // That the connection is gone is noticed where messages are taken.
        if let Ok(message) = message {
            let _ = block_on(self.connection.send(&message));
        }
    }

    /// Calls a method that answers with something.
    pub fn ask<B, A>(
        &self,
        to: &str,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> zbus::Result<A>
    where
        B: serde::Serialize + DynamicType,
        A: for<'d> zbus::wire::DynamicDeserialize<'d>,
    {
        let answer = self.call(to, path, interface, method, body)?;
        answer.body().deserialize()
    }

    /// Everything that bluetoothd has.
    pub fn objects(&self) -> zbus::Result<Objects> {
        self.ask(BLUEZ, "/", OBJECTS, "GetManagedObjects", &())
    }

    /// One property.
    pub fn property(&self, path: &str, interface: &str, name: &str) -> zbus::Result<OwnedVariant> {
        self.ask(BLUEZ, path, PROPERTIES, "Get", &(interface, name))
    }

    /// Asks for signals that match a rule of the bus.
    pub fn listen_to(&self, rule: &str) -> zbus::Result<()> {
        self.call(BUS, "/org/freedesktop/DBus", BUS, "AddMatch", &(rule,))
            .map(drop)
    }

    /// Every message with the time of its arrival, µs of the run. Ends when the connection does.
    pub fn messages(&self, clock: SteadyClock) -> Receiver<(i64, Message)> {
        let mut stream = MessageStream::from(&self.connection);
        let (sender, receiver) = sync_channel(WAITING);
        std::thread::spawn(move || {
            let next = |stream: &mut MessageStream| {
                block_on(poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)))
            };
            while let Some(message) = next(&mut stream) {
                let Ok(message) = message else { break };
                if sender.send((clock.now_us(), message)).is_err() {
                    break;
                }
            }
        });
        receiver
    }

    /// Ends the connection; bluetoothd forgets what we had registered.
    pub fn close(self) {
        // An error means that it is closed already.
        let _ = block_on(self.connection.close());
    }
}

/// What an error of a call means for a receiver.
pub fn lost(doing: &str, error: &zbus::Error) -> Lost {
    let text = error.to_string();
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if any(&[
        "ServiceUnknown",
        "NameHasNoOwner",
        "UnknownObject",
        "Disconnected",
    ]) {
        let what = format!("{doing}: bluetoothd or the adapter is gone: {text}");
        return Lost::new(Condition::Unplugged, what);
    }
    if any(&["AccessDenied", "NotAuthorized", "NotPermitted"]) {
        let what = format!(
            "{doing}: not allowed: run as root or as a member of the group bluetooth: {text}"
        );
        return Lost::new(Condition::Refused, what);
    }
    Lost::new(Condition::Failing, format!("{doing}: {text}"))
}
