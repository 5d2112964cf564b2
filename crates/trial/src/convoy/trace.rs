//! What comes out of a simulation.

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// Apple Find My, separated.
    FindMySeparated,
    /// Apple Find My, near its owner.
    FindMyNearby,
    /// Samsung SmartTag, away from its owner unless said otherwise.
    SmartTag,
    /// Tile.
    Tile,
    /// Google Find Hub tag, in its separated mode unless said otherwise.
    FindHub,
    /// Phone.
    Phone,
    /// Earbuds or headphones.
    Earbuds,
    /// Built into a vehicle, or plugged into one.
    CarDevice,
    /// Watch.
    Watch,
    /// Computer.
    Computer,
    /// Fixed beacon.
    Beacon,
}

impl Class {
    /// A tracker class, whatever its state.
    #[must_use]
    pub const fn is_tag(self) -> bool {
        matches!(
            self,
            Self::FindMySeparated
                | Self::FindMyNearby
                | Self::SmartTag
                | Self::Tile
                | Self::FindHub
        )
    }
}

/// What role a device plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Stays beside the road.
    Roadside,
    /// In a vehicle that goes our way, faster or slower.
    Stream,
    /// In a vehicle that comes toward us.
    Opposite,
    /// In a vehicle that keeps station near us for minutes.
    Sticky,
    /// In a vehicle parked where we park.
    ParkedNeighbour,
    /// Walks past where we park.
    Passer,
    /// In a vehicle that follows us on purpose.
    Follower,
    /// Carried by a stranger who rides with us.
    Rider,
    /// Our own.
    Team,
    /// Planted; the index in the plan.
    Aboard(usize),
    /// The addresses of a flood, taken together.
    Flood,
}

/// One address with one payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// As it is printed, most significant octet first.
    pub address: [u8; 6],
    /// Random or public.
    pub random: bool,
    /// Whether its PDU is ADV_IND (otherwise ADV_NONCONN_IND).
    pub connectable: bool,
    /// Index of its device in the trace.
    pub device: u32,
    bytes: [u8; 31],
    length: u8,
}

impl Identity {
    /// With at most 31 bytes of AD structures; what is beyond is cut off.
    pub(super) fn new(address: [u8; 6], random: bool, connectable: bool, payload: &[u8]) -> Self {
        let mut bytes = [0; 31];
        for (slot, byte) in bytes.iter_mut().zip(payload) {
            *slot = *byte;
        }
        Self {
            address,
            random,
            connectable,
            device: 0,
            bytes,
            length: payload.len().min(31) as u8,
        }
    }

    /// Its AD structures.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }

    /// `AA:BB:CC:DD:EE:FF`.
    #[must_use]
    pub fn address_text(&self) -> String {
        let [a, b, c, d, e, f] = self.address;
        format!("{a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{f:02X}")
    }
}

/// One device that was heard (a planted one also when it was not).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Device {
    /// Its role.
    pub kind: Kind,
    /// What it is.
    pub class: Class,
    /// Advertising interval without the random delay, seconds.
    pub interval_s: f64,
}

/// One advertising event as one sensor received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// By the sensor's own clock, microseconds since 1970.
    pub stamped_us: i64,
    /// True time, microseconds since 1970, with up to 10 us of flight and reading.
    pub at_us: i64,
    /// Index of the identity in the trace.
    pub identity: u32,
    /// The sensor (its vehicle's index).
    pub sensor: u8,
    /// 37 to 39.
    pub channel: u8,
    /// dBm.
    pub rssi: i8,
}

/// A position of the first vehicle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Microseconds since 1970.
    pub time_us: i64,
    /// Degrees.
    pub lat: f64,
    /// Degrees.
    pub lon: f64,
    /// Metres a second.
    pub speed_m_s: f64,
}

/// What is true of one planted tag.
#[derive(Debug, Clone, PartialEq)]
pub struct PlantedTruth {
    /// Index of its device.
    pub device: u32,
    /// Its identities that were heard, in the order of their use.
    pub identities: Vec<u32>,
    /// From when (seconds from the start) in which vehicle.
    pub vehicles: Vec<(f64, u8)>,
    /// From and to, seconds from the start, when it transmitted.
    pub on: Vec<(f64, f64)>,
    /// True time of its first reception, microseconds since 1970.
    pub first_heard_us: Option<i64>,
    /// It transmitted, and its mean level at some sensor of the vehicle that carried it reached the
    /// sensitivity.
    pub hearable: bool,
}

/// A device of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TeamTruth {
    /// Index of its device.
    pub device: u32,
    /// The vehicle that it rides in.
    pub vehicle: u8,
    /// The key that resolves its addresses, most significant octet first.
    pub irk: [u8; 16],
}

/// A sensor's clock: it stamps offset + (1 + drift) times the true time since the start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClockTruth {
    /// Microseconds.
    pub offset_us: f64,
    /// Parts per million.
    pub drift_ppm: f64,
}

/// What only a simulation knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    /// In the order of the plan.
    pub planted: Vec<PlantedTruth>,
    /// End of the last time parked, seconds from the start.
    pub departure_s: Option<f64>,
    /// Our own devices.
    pub team: Vec<TeamTruth>,
    /// Of each sensor.
    pub clocks: Vec<ClockTruth>,
    /// Mean of the foreign traffic in range of each sensor, frames a second and channel.
    pub load: Vec<f64>,
}

/// One simulated recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Vehicles, and sensors.
    pub vehicles: u8,
    /// Microseconds since 1970.
    pub start_us: i64,
    /// How long, seconds.
    pub seconds: f64,
    /// Every address with its payload that was heard.
    pub identities: Vec<Identity>,
    /// Every device that was heard.
    pub devices: Vec<Device>,
    /// What the sensors received, in the order in which their own clocks stamp it.
    pub heard: Vec<Heard>,
    /// Once a second.
    pub fixes: Vec<Fix>,
    /// When the convoy turned, seconds from the start.
    pub turns_s: Vec<f64>,
    /// What is true of it.
    pub truth: Truth,
}
