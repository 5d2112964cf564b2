# What Vigie says to people, in English. fr.ftl holds the same keys with the same variables.
# Times are UTC; figures arrive already written in the language.

## The four states

state-blind = BLIND
state-clear = CLEAR, within limits
state-watch = WATCH
state-act = ACT

## The first line

glance-blind = We do not know: { $why }. This is no all-clear.
glance-clear = Nothing found in { $heard } of listening. Chance of having missed a tracker: up to { $miss } ({ $basis }), for { $classes }.
glance-watch = { $count ->
    [one] One device may be travelling with you, not certain yet ({ $probability }).
   *[other] { $count } devices may be travelling with you, not certain yet (highest: { $probability }).
}
glance-act = { $count ->
    [one] A device travels with you (probability { $probability }).
   *[other] { $count } devices travel with you (highest probability { $probability }).
}
glance-act-ours = { $count ->
    [one] A device travels with you; it may be your own (probability { $probability }).
   *[other] { $count } devices travel with you; they may be your own (highest probability { $probability }).
}
glance-clones = { $count ->
    [one] A tracker that keeps changing its address travels with you (probability { $probability }).
   *[other] { $count } trackers that keep changing their address travel with you (highest probability { $probability }).
}
where-vehicle = In vehicle { $vehicle } ({ $probability }).
where-pair = In vehicle { $first } or { $second } ({ $probability }).
where-one_sensor = Which vehicle is not known from one sensor.
where-undecided = Which vehicle is not decided.
where-person = On you, in your bags, in your vehicle, or on someone beside you.
glance-interrupted = The run was stopped early: this covers only what was read until then.
glance-no_summary = The run ended without its final count: treat this as “we do not know”.
clear-without_basis = nothing was found, but there is no figure for how sure that is

## Headings

heading-blind = Why nothing can be said
heading-limits = What this result does not cover
heading-clear = What “clear” rests on
heading-departure = Before departure
heading-alerts = Travels with you ({ $count })
heading-clones = Travels with you and keeps changing its address ({ $count })
clones-note = No single address of it can be followed: it was found by how its addresses begin and end at one level. The probability rests on a simulation.
clone-title = A tracker that keeps changing its address: { $what }
clone-times = Counted since { $since }. Alert { $at }, { $after } later, after { $count ->
    [one] one address.
   *[other] { $count } addresses.
}
clone-how_sure = Probability { $probability }: evidence { $llr } nats ({ $analyzer }), on a chance of { $prior } an hour and vehicle beforehand.
heading-ours = Probably your own devices, to be checked ({ $count })
heading-ours-note = They look like the new address of a device that was with you before. That is a guess: a planted tracker can look the same. Each stays an alert until you have found the device.
heading-watch = On their way to an alert ({ $count })
heading-heard = What was heard
heading-cannot_exclude = What this recording can never exclude
heading-advice = What to do next
heading-notices = To be noted

## An alert

alert-title = { $emitter }: { $what }
alert-title-state = { $emitter }: { $what }, { $state }
alert-unknown_kind = unknown kind of device
alert-identifiers = { $count ->
    [one] Identifier: { $list }
   *[other] Identifiers: { $list }
}
alert-identifiers-more = { $list } and { $count } more
alert-times = First heard { $first }. Alert { $at }, { $after } later.
alert-last_heard = Last heard { $last }, { $count ->
    [one] one sighting
   *[other] { $count } sightings
} in all.
alert-probability = Probability that it travels with you: { $probability }.
alerts-capped = No more than { $cap } is shown as long as your own devices are not enrolled.
alert-evidence = Evidence: what was heard is { $times } more likely if it travels with you than if it were passing by ({ $llr } nats, { $analyzer }).
alert-evidence-against = Evidence: what was heard is { $times } less likely if it travels with you than if it were passing by ({ $llr } nats, { $analyzer }).
alert-prior = Prior: { $prior }, from threat level { $threat }.
alerts-note = Evidence is what was heard; the prior is what was thought likely before. The threat level moves the prior only, never the evidence.
alert-level = Received at { $level } dBm by the sensor that hears it best.
alert-vehicle = Vehicle: { $vehicle } ({ $probability }).
alert-vehicle-pair = Vehicle: { $first } or { $second } ({ $probability } that it is one of the two).
alert-outside = In none of your vehicles, but beside, behind or ahead: { $probability }.
alert-vehicle-one_sensor = Vehicle: not known from one sensor.
alert-vehicle-undecided = Vehicle: not decided.
alert-for = What speaks for it
alert-against = What speaks against it
alert-against-none = Nothing that was measured speaks against it. That is no certainty.
alert-since = Since { $at }: { $verdict }, probability { $probability }.
alert-do = Do not throw it away if you find it: photograph it where it is, leave it there, call for help.
alert-do-vehicle = Start the search in { $vehicle }. If you find it: photograph it, leave it there, call for help.
alert-do-pair = Have { $first } and { $second } searched first. To tell them apart, drive for 60 s with more than 15 m between vehicles and look again. If you find it: photograph it, leave it there, call for help.
alert-do-ours = Compare it with your own phone, watch, earphones, keys and car. If you cannot match it, treat it like the others.
alert-clone_signs = Weak signs of a self-made tracker: { $list }.
live-place = { $line }, vehicle { $vehicle } ({ $probability })
live-pair = { $line }, vehicle { $first } or { $second } ({ $probability })
live-update = { $at }  { $emitter }: { $verdict }, probability { $probability }
live-state = { $at }  { $state }
live-notice = { $at }  { $text }
watch-begins = Vigie listens: { $sensors }. It transmits nothing. Recording to { $case }. Nothing is known yet.
watch-figures = Received: { $packets } packets, { $unrecorded } of them not recorded. From receipt to judgement: half within { $half } ms, 99 % within { $most } ms, the longest { $longest } ms.
watch-alarm-waits = Alarm channel { $channel }: { $waiting } messages could not be delivered yet. They are kept. Check the server; “vigie alarm state” says why.
live-alert = { $at }  { $state }  { $emitter }: { $what }, probability { $probability }
live-clone = { $at }  { $state }  tracker that keeps changing its address: { $what }, probability { $probability }

times-about = about { $times } times
times-million = more than a million times

## Verdicts

verdict-aboard = in or on one of your vehicles
verdict-travelling_with_us = travels with you; aboard, beside you or behind you is undecided
verdict-passing = was near you and went
verdict-fixed = stays at a place that you visited
verdict-enrolled = enrolled as yours
verdict-probably_ours = probably one of your own devices under a new address
verdict-undecided = not enough heard

## Tracker families and their states

family-apple_find_my = Apple Find My (AirTag or compatible)
family-google_find_hub = Google Find Hub tracker
family-smartthings_find = Samsung SmartThings Find (SmartTag or Galaxy device)
family-tile = Tile
family-chipolo = Chipolo
family-pebblebee = Pebblebee
family-dult = tracker of the common DULT kind
device_state-separated = away from its owner
device_state-near_owner = says that its owner is near
device_state-unpaired = not paired with anybody

model-airtag = AirTag
model-airpods = AirPods
model-licensed_accessory = tracker or accessory of another maker in Apple’s network
model-apple_device = Apple phone, tablet or computer reported lost

clone_sign-not_connectable = refuses connections
clone_sign-not_private_address = address that is not of the private kind
clone_sign-not_static_address = address that is not of the fixed random kind
clone_sign-hint_zero = hint field zero
clone_sign-status_zero = status field zero
clone_sign-flags_not_hashed = flags not hidden as they should be

## Reasons

reason-turnover = The people and devices around you were completely replaced { $value } times; this one stayed.
reason-displacement = You moved { $metres } while it was with you.
reason-contact = It was with you for { $duration }.
reason-level_above_strangers = It is received { $value } dB louder than strangers are at first.
reason-level_above_strangers-less = It is received { $value } dB fainter than strangers are at first.
reason-level = It is received at { $value } dBm on average.
reason-against_roadside = Compared with a device at the roadside or on a passer-by: { $times } more likely to travel with you.
reason-against_roadside-less = Compared with a device at the roadside or on a passer-by: { $times } less likely to travel with you.
reason-against_stream = Compared with a vehicle in the same traffic: { $times } more likely to travel with you.
reason-against_stream-less = Compared with a vehicle in the same traffic: { $times } less likely to travel with you.
reason-against_platoon = Compared with a vehicle that keeps its distance to you: { $times } more likely to travel with you.
reason-against_platoon-less = Compared with a vehicle that keeps its distance to you: { $times } less likely to travel with you.
reason-turns = It took the same { $value } turns as you.
reason-no_positions = The recording has no positions: that you moved at all is not confirmed.
reason-not_moved = You moved only { $metres }: too little for the test.
reason-one_place = It was heard at this one place only.
reason-fellow_traveller = Someone who travels beside you, someone who follows you or a device of your own would look the same.
reason-successor = It appeared { $duration } after a loud device that was with you fell silent: it may be that device under a new address.
reason-linked = It goes on from { $value } earlier addresses, one after the other: it may be the same device, but need not be.
reason-carried_evidence = Of what was gathered on those, { $value } nats are counted for it.
reason-loud_once = { $value } loud addresses were each heard once and never again; your surroundings make few of them.
reason-places = They came with you over { $value } steps of 75 m.
reason-near_owner = Its frames say that its owner is near. That owner may be you, or whoever follows you.
reason-keys_heard_once = { $value } tracker addresses came in one after the other at one level, each heard once and never again. A tracker that keeps its address is heard again.
reason-keys_loud_throughout = { $value } tracker addresses began loud and ended as loud, one after the other. What passes by fades in and out.
reason-level_occupied = For { $duration } there was always a tracker at one level, with ever new addresses.
reason-many_tags_around = Many trackers pass by here ({ $value } an hour): the surroundings can look alike by chance.
reason-clone_signs = It shows { $value } weak signs of a self-made tracker.
reason-copied_address = It uses the address of an enrolled device of yours, but is not that device: somebody may have copied the address to hide.
reason-level_by_vehicle = At the vehicle where it is loudest it is { $value } dB louder than at any other.
reason-changed_vehicle = For { $duration } it was in another of your vehicles: a person or a bag carries it.
reason-family_unknown = The recording does not show what kind of device this is; all kinds are judged alike.

## Before departure

departure-newcomer = { $vehicle }: { $count ->
    [one] one new and loud device
   *[other] { $count } new and loud devices
} ({ $list }). Search here before you leave.
departure-nothing_new = { $vehicle }: nothing new is loud here ({ $checked } of listening). What is switched off, silent or quiet is not excluded.
departure-blind-short = { $vehicle }: we do not know, only { $checked } of listening. Listen for a minute.
departure-blind-parked = { $vehicle }: we do not know what is new: who was there when you parked was not recorded. Nothing is loud here now.
departure-blind-loud = { $vehicle }: we do not know what is new: who was there when you parked was not recorded. Loud here now: { $list }.
departure-one = { $emitter } { $what } { $identifier }, { $level } dBm, first heard { $first }
departure-parked = Parked since { $parked }, answered { $at }.
departure-answered = Answered { $at }.
departure-none = Before departure: no answer. No vehicle was seen to stand, or none was heard.

## Why blind

blind-heard_too_short = Only { $heard } of listening. Too little to tell what stays with you from what passes.
    .short = only { $heard } of listening
blind-crowded = The way led through a crowd. Many stay beside you there for a while, and what is hidden in a vehicle cannot be told from them. Drive on where fewer people are.
    .short = through a crowd
blind-no_positions = The recording has no positions, and without them this test cannot tell whether you moved.
    .short = no positions in the recording
blind-parked = The convoy has stood for minutes: something may have been put on since, and only driving shows it.
    .short = parked
blind-not_moved_enough = You moved too little. What stands beside you and what travels with you look the same.
    .short = you moved too little
blind-surroundings_did_not_change = The devices around you hardly changed. What stays with you cannot be told from what is always there.
    .short = the devices around you hardly changed
blind-no_frames = Not one usable Bluetooth frame was heard.
    .short = no usable frame heard
blind-sensor_deaf = A sensor heard nothing for too long. What was sent in that time is lost.
    .short = a sensor was deaf
blind-damaged_input = Too much of the recording is damaged.
    .short = the recording is damaged
blind-air_full = The air is so full that most frames are lost, or a receiver listens only part of the time. A tracker may be there and not be heard.
    .short = the air is full, most frames are lost
blind-sensor_flooded = A sensor is flooded with made-up frames. What is real among them cannot be told.
    .short = a sensor is flooded
blind-sensor_late = Most of what a sensor hears comes too late to be put in order.
    .short = a sensor’s frames come late
blind-positions_lost = Positions were lost. What stands beside you cannot be told from what travels with you.
    .short = positions were lost
blind-where = This concerns now: { $names }.
blind-unexplained = The reason is not recorded.
    .short = the reason is not recorded

## What can never be excluded

cannot_exclude-switched_off = a tracker that was switched off or had no power
cannot_exclude-sleeping = a tracker that sleeps and wakes only at set times or when moved
cannot_exclude-cellular = a tracker that reports over the mobile network and not over Bluetooth
cannot_exclude-store_and_forward = a GPS logger that keeps positions and is read out later
cannot_exclude-other_radio = a tracker on another radio: LoRa, satellite, Wi-Fi, ultra-wideband, classic Bluetooth
cannot_exclude-shielded = a tracker behind metal or in a shielding bag
cannot_exclude-connected_not_advertising = a tracker connected to a phone nearby, which then sends nothing that can be heard here
cannot_exclude-slow_interval = a tracker that sends too seldom to be heard often enough
cannot_exclude-fast_rotation = a tracker that changes its address faster than can be followed
cannot_exclude-fast_rotation_quiet = a tracker that changes its address fast and is received weakly
cannot_exclude-extended_only = a tracker that uses only extended advertising, which this receiver does not hear
cannot_exclude-passive_receiver_limits = a tracker that this receiver missed: a phone or a simple adapter hears only part of what is sent
cannot_exclude-one_channel = a tracker that sends on a channel which was not listened to
cannot_exclude-family_unknown = any particular kind of tracker: the recording does not hold what tells them apart
cannot_exclude-vehicle_without_sensor = a tracker in a vehicle that carries no sensor and is out of reach of the others
cannot_exclude-quieter_than_strangers = a tracker that is received fainter than the devices of strangers

## What to do next

advice-record_longer = Record for half an hour or longer, while you move. Keep the recorder's screen and Bluetooth on.
    .short = Record longer, while you move.
advice-record_with_positions = Record positions as well: use a recorder that keeps them, or record a GPX track at the same time.
    .short = Record again, with positions.
advice-move_through_changing_places = Move through places where the people around you change: streets, shops, stations. Do not wait in one place.
    .short = Move through changing places.
advice-check_own_devices = Go through your own devices and those of the people with you: phone, watch, earphones, keys, bags, car. Note which of them use Bluetooth.
    .short = Check your own devices.
advice-drive_an_empty_road = To make sure about a tracker that changes its address: drive two minutes on an empty road, or park three minutes away from people. What is still there then is yours.
    .short = Drive two minutes on an empty road.
advice-search_vehicle = Have the vehicle and all bags searched by someone who knows how: wheel arches, bumpers, under the seats, boot, glove box, diagnostic socket, linings.
    .short = Have the vehicle searched.
advice-do_not_go_home = Do not go home, to a safe house or to a shelter: the device would show the way. Go to a police station or a busy public place.
    .short = Do not go home or to a safe house.
advice-keep_device_as_evidence = If you find the device, do not throw it away, break it or switch it off. Photograph it where it is and note the time. Touch it only with gloves. It is evidence, and whoever placed it may notice when it falls silent.
    .short = Keep the device as evidence.
advice-call_for_help = Call the police or your security contact; in danger, the emergency number (112 in Europe). Use a phone that nobody else has access to.
    .short = Call for help.
advice-record_second_time_another_day = Record a second time on another day and by another route. What is there again is no chance encounter.
    .short = Record again on another day.
advice-use_dedicated_receiver = Use a dedicated Bluetooth receiver that keeps raw frames. A phone hears less and leaves part of it out.
    .short = Use a dedicated receiver.
advice-check_damaged_input = Copy the recording from its device again and compare the sizes. If it is still damaged, make a new recording.
    .short = Check the recording.

## What "clear" rests on

clear-heard = Listened for { $heard }.
clear-classes = Would have been found: { $list }.
clear-miss = Chance that one of these was with you all the time and was missed: up to { $miss }. This figure is { $basis }.
clear-only = Nothing is said about any other kind of tracker.
class-lasting_address_loud = trackers that keep their address and are received well
class-changing_address_loud = trackers that change their address every half minute or faster and are received well
class-lasting_address_quiet = trackers that keep their address and are received weakly
basis-measured = measured
basis-simulated = simulated

## What was heard

heard-frames = { $frames ->
    [one] One frame or row read
   *[other] { $frames } frames or rows read
}, { $malformed ->
    [0] none damaged.
    [one] one of them damaged ({ $kinds }).
   *[other] { $malformed } of them damaged ({ $kinds }).
}
heard-kind = { $kind }: { $count }
heard-period = From { $first } to { $last }.
heard-listened = Listened for { $heard } out of { $duration }.
heard-sensors = { $count ->
    [one] One sensor: { $list }.
   *[other] { $count } sensors: { $list }.
}
heard-deaf = Sensor { $sensor } heard nothing for { $deaf }: what was sent then is not covered.
heard-deaf-none = No sensor was deaf.
heard-emitters = { $emitters ->
    [one] One device heard
   *[other] { $emitters } devices heard
} in { $sightings ->
    [one] one sighting.
   *[other] { $sightings } sightings.
}
heard-verdict = { $verdict }: { $count }
heard-bystanders = Devices of bystanders are counted and not listed.
heard-travelled = Distance covered: { $metres }.
heard-travelled-unknown = Distance covered: not known, the recording has no positions.
heard-late = { $count ->
    [one] One frame came in late and was taken in at its place.
   *[other] { $count } frames came in late and were taken in at their place.
}
heard-settings = Judged with profile { $profile } and threat level { $threat }.
profile-vehicle = vehicle
profile-on-person = on-person
threat-low = low
threat-normal = normal
threat-high = high
threat-critical = critical
heard-utc = All times are UTC.

watch-line = { $emitter }: { $what }, { $list }, probability { $probability }, since { $at }
watch-more = { $count ->
    [one] and one more (all are in the output of --json)
   *[other] and { $count } more (all are in the output of --json)
}

## Kinds of damage

damage-crc = wrong checksum
damage-wild_time = a time that cannot be right
damage-truncated = cut off
damage-length = wrong length
damage-extended_header = unreadable extended header
damage-ad_structure = unreadable advertising data
damage-reserved = value that has no meaning
damage-hci_length = wrong length of a report
damage-address = unreadable address
damage-impossible_length = impossible length
damage-short_packet = packet too short
damage-unknown_interface = unknown interface
damage-unknown_link_type = unknown link type
damage-no_time = no time
damage-bad_time = unreadable time
damage-malformed_row = unreadable row
damage-bad_position = unreadable position
damage-bad_checksum = wrong checksum of a position
damage-bad_container = damaged archive
damage-over_limit = longer than is allowed
damage-unsupported = kind that is not read yet

## Notices

notice-kind-watch = Watch
notice-kind-deaf = Deaf
notice-kind-clock = Clock
notice-kind-fix = Positions
notice-kind-flood = Flood
notice-kind-newcomer = Before departure
notice-kind-clone = Changing address
notice-kind-copied = Copied address
notice-kind-damage = Damage
notice-kind-sensor = Sensor
notice-kind-state = State
notice-kind-recording = Recording
notice-kind-input = Input
notice-when = { $count ->
    [one] (At { $first }.)
   *[other] ({ $count } times, first at { $first }.)
}
notice-often = ({ $count } times.)
notice-likely = A device is on its way to an alert; it is listed above if it still is.
notice-deaf_gap = A sensor heard nothing for { $duration } in all ({ $sensors }). Trackers are not excluded for that time. Check its power, Bluetooth and battery saver.
notice-partly_deaf = A sensor hears far less than usual, while the others do not ({ $sensors }). Trackers in its vehicle may be missed. Check its antenna, cable and place.
notice-rides_elsewhere = A sensor seems to ride elsewhere than stated: { $about }. Or the vehicles drive in another order than entered, or its clock is off by seconds. Which vehicle is named rests on that: check, and correct case.toml.
notice-left_behind = A sensor hears nothing of what the others pass ({ $sensors }): it seems to have been left behind. Trackers in its vehicle may be missed. Look where it is, and correct case.toml.
notice-one_channel = A sensor hears only one of the three channels ({ $sensors }). A tracker that uses another is not heard there. Let it change channels.
notice-channel_unheard = A sensor hears nothing on one of the three channels ({ $sensors }). A tracker that uses only that one is not heard there. Check the sensor’s settings.
notice-sensor_late = Most frames of a sensor come late ({ $sensors }). Their order is uncertain. Check its connection and the load of the machine.
notice-vehicle_without_sensor = No sensor rides in: { $about }. A tracker there is heard only by the sensors of other vehicles, if at all. Put a sensor into it, or correct case.toml.
notice-sensor_offset = A sensor’s clock is off by up to { $largest } from the others ({ $sensors }). This was allowed for. Set its clock.
notice-positions_lost = Positions were lost ({ $duration } without in all when it was noticed). What follows you is judged more carefully, and nothing is called clear. Check the position receiver.
notice-positions_back = Positions came back after up to { $largest }.
notice-hears_again = A sensor that was deaf hears again, after { $largest } at most ({ $sensors }). What was sent in that time is lost.
notice-unplugged = A sensor is gone ({ $sensors }): unplugged, or its connection was cut. Nothing is heard in its vehicle until it is back. Plug it in again; it goes on by itself.
notice-refused = A sensor may not be used ({ $sensors }): no permission, or another program holds it. Nothing is heard with it. “vigie doctor” says what to do.
notice-failing = A sensor does not do what it is told ({ $sensors }). Nothing is heard with it. Unplug it and plug it in again; if that does not help, replace it.
notice-starved = A sensor has stopped delivering although it says that it listens ({ $sensors }). It counts as deaf until it delivers again. Unplug it and plug it in again; if this goes on, replace it.
notice-filtered = A sensor hears only what looks like a known tracker ({ $sensors }), because the system lets nothing else through. Unknown kinds are missed, and how the surroundings change is not known. Use a receiver of its own.
notice-lost = Frames were lost before they reached Vigie ({ $sensors }): { $figure } at a time at most. Trackers may be heard later than they could be. Relieve the machine.
notice-reference_unheard = Your own reference tag is not heard as often as it should be ({ $sensors }). The sensor counts as deaf until it hears it. Check it and the tag’s battery.
notice-clock_step = The clock of the machine was set, by up to { $largest }. Times of this recording go on evenly and are not changed. Compare them with a time that you know.
notice-gnss_clock = The clock of this machine and that of the satellites differ by up to { $largest }. Every time in this recording is off by as much if the satellites are right. Note the difference, and set the clock before the next run.
notice-disk_low = The disk of the recording is filling up. Detection goes on. Make room before it is full.
notice-disk_full = The disk is full: nothing is recorded any more. Detection goes on. Make room; recording then goes on by itself.
notice-disk_back = Recording goes on. What was heard in between was judged and is not kept.
notice-unrecorded = Frames were judged and could not be recorded: { $figure } at a time at most. The disk is too slow. A replay will lack them.
notice-position_source_lost = The position receiver is gone or has no fix. What follows you cannot be told from what stands beside you by place. Check its antenna and cable.
notice-position_source_back = The position receiver is back, after up to { $largest }.
notice-position_jump = Positions jumped by up to { $metres } and were left out. Near large buildings that is common; if it goes on, somebody may be disturbing the satellites’ signals.
notice-blind = It was not known whether something travels with you.
notice-clear = Nothing was found that travels with you, within the limits stated.
notice-watch = Something was on its way to an alert.
notice-act = Something travelled with you.
notice-time_backwards = Time went back by up to { $largest } ({ $sensors }). The order of events around it is uncertain. Check the recorder's clock.
notice-unknown_zone = Time zone not known and read as UTC: { $about }. Times may be off by hours. Compare one of them with a time that you know.
notice-no_fix = No positions ({ $sensors }). What follows you cannot be told from what stands beside you by place. Record positions next time.
notice-fix_jump = Positions jumped by up to { $metres }. The places around it are uncertain; jumps were not counted as movement. Compare with the route you took.
notice-standing_still = You stood still for { $duration } in all. What stands beside you looks as if it stayed with you, so that time counts less. Keep moving when you record.
notice-flood_addresses = More addresses were heard than can be followed: { $figure } were passed over. Somebody may be flooding the radio to hide a tracker. Move away and record again.
notice-clone_likely = A tracker that keeps changing its address may be at { $about }.
notice-clone_counted = Of the tracker that keeps changing its address at { $about }, { $figure } addresses were counted in all.
notice-newcomer = New since you parked, and loud at: { $about }. The answer for each vehicle is at the top. Look there before you leave.
notice-loud_before_departure = Loud at: { $about }. Who was there when you parked was not recorded, so this may be old. The list for each vehicle is at the top.
notice-copied_other_family = The address of an enrolled device is used by a tracker of another kind: { $about }. It is judged like any other device. Find out which one is yours.
notice-copied_two_transmitters = The address of an enrolled device is sent from two of your vehicles at once: { $about }. One of them is a copy. It is judged like any other device.
notice-copied_elsewhere = An enrolled device was heard although it is said to be elsewhere: { $about }. It is judged like any other device. Ask its owner where it is.
notice-copied_old_address = An old address of an enrolled device is still or again in use: { $about }. Its owner's device has changed address since; somebody may replay it. It is judged like any other device.
notice-damage = Damaged records: { $about } ({ $figure }). The rest was read. Copy the recording again if there are many.
notice-column_passed_over = Not used: { $about }. Nothing is lost unless these columns hold addresses, times, levels or frames; if so, rename them as the documentation says.
notice-passed_over = Passed over: { $about }. Vigie cannot read it and did not judge it. “vigie doctor” lists what it can read.
notice-no_payload = A recording has no frame contents. The kind of tracker cannot be told. To know it, record with a receiver that keeps raw frames.
notice-untested_on_real_files = A format is read from its description and was never tried on a real file. Compare a few lines with the output of “vigie decode”.
notice-unknown_value = Value not known and passed over: { $about }. The rest of the row counts. Correct it if it matters.
notice-unknown_setting = Not known and passed over in case.toml: { $about }. The rest of it holds. Correct it if it matters.
notice-no_rssi = A recording has no signal levels. Near and far cannot be told apart, so evidence comes later. Use a recorder that keeps levels.
notice-no_date = Positions before the first date in the file are passed over. Places are missing for that time. Start the position recorder before you leave.
notice-no_positions = A recording came without its positions. Places cannot help to judge it. Export it again with them.
notice-first_seen_only = A log gives the place of each device only where it was first seen. Whether it moved with you must come from the times. Use a log that keeps every sighting.
notice-time_read_as_utc = Times without a time zone were read as UTC. They may be off by hours. Compare one of them with a time that you know.
notice-payload_put_together = Frame contents were put together from the fields of a log and are not as received. Do not present them as raw frames.
notice-unknown = { $kind }: { $detail }. There is no text for this code; the documentation of the result stream may explain it.

## The command line: errors. What happened, what it means, what to do next.

error-empty = { $path } is empty. Nothing can be said about it. Check that the recording was saved and copy it again.
error-encrypted = { $path } is encrypted. It was not judged. Give the key with --identity FILE, or bring the recording to where the key is.
error-unrecognised = { $path } is in no format that Vigie knows. It was not judged. “vigie doctor” lists the formats; export the recording in one of them.
error-unreadable = { $path } could not be read from byte { $offset } on: { $reason }. It was not judged. Copy it again from its device; if that does not help, make a new recording.
error-io = { $path }: { $reason }. It was not read. Check that the file exists and that you may read it.
error-no-frames = { $path } holds no Bluetooth frames, so there is nothing to decode. If it is a log of sightings, use “vigie replay”.
error-output = The result could not be written: { $reason }. It is incomplete. Check the disk, then run the command again.
error-no-labels = { $path } has no truth file (truth.json or truth_inferred.json), so nothing can be scored. Add one, or use “vigie replay” to judge the recordings.
error-folder = { $path } holds no recording that Vigie knows. Nothing was judged. “vigie doctor” lists the formats.
error-variant = This family has no such variant. It has: { $known }. Nothing was simulated.

error-other = { $reason }. The command was not carried out, and there is no result. Correct what is named, then run it again.

progress-reading = Reading: { $percent }, { $frames ->
    [one] one frame
   *[other] { $frames } frames
}
## The command line: doctor

doctor-title = Vigie { $version }
doctor-formats = It can read:
doctor-format-pcap = pcap and pcapng captures (link types 187, 201, 251, 254, 256, 272)
doctor-format-btsnoop = btsnoop logs (1001, 1002, 2001), also inside an Android bug report
doctor-format-packetlogger = Apple PacketLogger files
doctor-format-bledoubt = BLE-Doubt logs (JSON)
doctor-format-homescout = HomeScout logs (CSV)
doctor-format-generic = generic sightings (JSON lines, or CSV with a header)
doctor-format-untested = read from their description, never tried on real files: Kismet database, WiGLE CSV, AirGuard export
doctor-format-positions = positions: GPX, NMEA, CSV, JSON lines
doctor-defaults = Without options: profile { $profile }, threat level { $threat }.
doctor-live = It listens live with “vigie watch”, and transmits nothing by itself.
doctor-section-receivers = What this machine can hear with
doctor-section-machine = The machine
doctor-section-emissions = What this machine sends itself
doctor-section-listening = What the receivers heard
doctor-severity-ok = ok:
doctor-severity-note = note:
doctor-severity-problem = PROBLEM:
doctor-listens = Listening for { $lasts }.
doctor-no-sensor = Nothing was opened. To measure what a receiver hears: “vigie doctor --sensor SPEC”.
doctor-total = Problems: { $problems }. Worth knowing: { $notes }.
doctor-phones = The team’s phones, before you leave
doctor-phones-why = Every phone with Bluetooth on may report the place of a hidden tag to its owner. Driving, these are mostly the phones of the convoy itself.
doctor-phones-figures = Chance that a tag’s place gets reported (simulated, with a rate of reports nobody has measured here): one phone 9 % in a minute, 36 % in 5, 75 % in 20; three phones 24 %, 67 %, 94 %; ten phones 55 %, 92 %, 99 %.
doctor-phones-settings = Bluetooth off in the settings. The button in the quick panel is not enough: on many phones it only ends connections, and Bluetooth comes back by itself.
doctor-phones-after = Look again after a restart, an update or a car kit: each may switch it on.
doctor-phones-finding = Leaving the search network (Find My, Find Hub) is no substitute: nothing shows from outside that the phone has stopped reporting.
doctor-phones-others = Watches, earphones, tablets and the cars’ own systems too.
doctor-phones-left = Or left behind, switched off. A phone that somebody else has access to does not come along.

## What doctor finds: what it is; what it means; what to do

finding-adapter = Bluetooth adapter { $adapter } ({ $device }). Whether it is up is not asked.
finding-controller = Its controller ({ $adapter }): HCI version { $version }, firmware revision { $revision }, manufacturer number { $manufacturer }.
finding-controller_unknown = The firmware of { $adapter } is not known.
    .means = Only the administrator may read it here. It is wanted beside a recording, not for listening.
    .do = To see it: run “vigie doctor” as administrator.
finding-adapter_blocked_soft = Bluetooth is blocked by software ({ $adapter }).
    .means = It hears nothing.
    .do = Unblock it: rfkill unblock bluetooth. Leave Wi-Fi blocked if it is.
finding-adapter_blocked_hard = Bluetooth is blocked by a switch of the machine ({ $adapter }).
    .means = It hears nothing, and no program can change that.
    .do = Look for a switch or a key for aeroplane mode, or in the firmware settings of the machine; or use a USB receiver.
finding-no_receiver = No Bluetooth adapter and no known sniffer board is plugged in.
    .means = This machine can judge recordings. By itself it hears nothing.
    .do = Plug in a Bluetooth adapter or a sniffer, or name a receiver elsewhere: --sensor h4:tcp:HOST:PORT or mqtt:HOST:PORT/TOPIC.
finding-sniffer = Board for a sniffer at { $path } (USB { $ids }). With the sniffer’s firmware on it: --sensor { $sensor }. Which firmware it has is not asked.
finding-serial_port = Serial port { $path } (USB { $ids }): none of the known sniffer boards. It may be a receiver of positions: --gnss nmea:{ $path }.
finding-serial_refused = { $path } may not be used by this account.
    .means = What is plugged in there hears nothing for Vigie.
    .do = As administrator: adduser NAME { $group }, then log in again. The service has this right already.
finding-hci_allowed = This process may take an adapter for itself (--sensor hci:N); it is given back as it was found.
finding-hci_shared = This process may take an adapter for itself (--sensor hci:N), and bluetoothd runs.
    .means = While Vigie has the adapter, nothing else on this machine can use it. If Vigie is killed, the adapter stays down.
    .do = Nothing, if nothing else needs it; if it stayed down: hciconfig hciN up. To share it: --sensor bluez:hciN, which hears less.
finding-hci_refused = This process may not take an adapter for itself: { $missing } is missing.
    .means = --sensor hci:N is refused. Sniffers, h4 and mqtt receivers and bluez:hciN do not need it.
    .do = For hci:N: install the service with its drop-in vigie-watch-hci.conf, or give the right to the program: setcap cap_net_admin,cap_net_raw+ep on the file. Do not run everything as administrator for it.
finding-hci_unknown = Which rights this process has is not known.
    .means = Whether --sensor hci:N works is therefore not known either.
    .do = Try it: “vigie doctor --sensor hci:0”.
finding-bus_absent = There is no system bus (D-Bus).
    .means = --sensor bluez:hciN cannot work.
    .do = Use hci:N or a sniffer; or install dbus and bluez.
finding-bluetoothd_absent = bluetoothd is not seen to run.
    .means = --sensor bluez:hciN does not work without it. The others do not need it.
    .do = For bluez:hciN: systemctl start bluetooth.
finding-bluez_ready = bluetoothd runs, with its experimental interfaces: --sensor bluez:hciN can listen passively. It hears less than the other receivers.
finding-bluez_plain = bluetoothd runs without --experimental.
    .means = Before its version 5.80 it then cannot listen passively. Its version is not known here.
    .do = For bluez:hciN: try “vigie doctor --sensor bluez:hci0”; if that is refused, start bluetoothd with --experimental. Do not use :active where a tag could notice it.
finding-clock_set = The clock was set from the network since the machine started.
finding-clock_maybe = { $program } runs. Whether it has set the clock is not known.
    .means = Times in the recording may be wrong; what Vigie judges needs only that they go on evenly.
    .do = Look before you leave: timedatectl, chronyc tracking or ntpq -p.
finding-clock_unset = Nothing is seen that sets the clock.
    .means = It goes on as it was last set and drifts, some seconds a week. Times in the recording may be wrong by that.
    .do = Compare it with another clock before you leave, and write down the difference; or install systemd-timesyncd or chrony.
finding-clock_adrift = Nothing is seen that sets the clock, and the machine has none that outlives a power cut.
    .means = After each start its date may be wrong by days. So are the times in the recording.
    .do = Fit a clock module (RTC), or install systemd-timesyncd or chrony and start with a network; else set the clock by hand at each start.
finding-rtc = A clock outlives power cuts ({ $name }).
finding-rtc_absent = No clock that outlives a power cut is seen.
    .means = After a power cut the date is wrong until something sets it.
    .do = On a Raspberry Pi fit a clock module (RTC), or wait for the network time before you start.
finding-battery_none = No battery is seen.
    .means = When the supply fails, even at the turn of an ignition key, the machine stops hearing.
    .do = Feed it from something that goes on by itself, and try it: turn the engine off and on.
finding-battery_fed = Battery { $name }: { $share }, fed from outside.
finding-battery_discharging = Battery { $name }: { $share }, running down.
    .means = When it is empty the machine stops hearing.
    .do = Plug in the supply before you leave.
finding-battery_low = Battery { $name } is low: { $share }, running down.
    .means = The machine will soon stop hearing.
    .do = Plug in the supply now.
finding-battery_unknown = Battery { $name }: its charge is not known.
    .means = It may run out without a warning.
    .do = Plug in the supply before you leave.
finding-disk_room = { $gigabytes } GB free for the recording ({ $path }).
finding-disk_low = Only { $gigabytes } GB free for the recording ({ $path }).
    .means = Hours of a busy place may fill it; then watching goes on, and recording stops.
    .do = Make room, or name another disk with --case.
finding-disk_full = The disk is full ({ $path }; { $gigabytes } GB free).
    .means = Nothing can be recorded.
    .do = Make room, or name another disk with --case.
finding-disk_unknown = How much room there is for the recording is not known ({ $path }).
    .means = Recording may stop.
    .do = Look yourself: df -h.
finding-wifi_up = Wi-Fi { $name } is connected.
    .means = It sends all the time, with an address that can be followed from outside.
    .do = Switch it off for the operation: rfkill block wlan.
finding-wifi_searching = Wi-Fi { $name } is on, without a connection.
    .means = It searches, and may call the names of networks it knows.
    .do = Switch it off for the operation: rfkill block wlan.
finding-wifi_down = Wi-Fi { $name } is off. Nothing keeps a program from switching it on: rfkill block wlan does.
finding-wifi_blocked = Wi-Fi { $name } is blocked.
finding-wifi_unknown = Whether Wi-Fi { $name } is on is not known.
    .means = It may be sending.
    .do = Look yourself: rfkill list.
finding-cellular_up = The mobile network interface { $name } is up.
    .means = The machine is known to the network, and can be located by it.
    .do = Switch it off where that matters: rfkill block wwan.
finding-cellular_unknown = There is a mobile network modem ({ $name }). Whether it is on the network is not known.
    .means = The network may be able to locate the machine.
    .do = Switch it off where that matters: rfkill block wwan.
finding-bluetooth_silent = No Bluetooth adapter that could send: there is none, or all are blocked.
finding-bluetooth_unknown = Whether this machine’s Bluetooth can be seen by others is not known.
    .means = Other programs may make it answer and send its name.
    .do = Look yourself: bluetoothctl show. Powered without Discoverable answers only to what is paired; bluetoothctl discoverable off.
finding-bluetooth_hidden = bluetoothd keeps this machine hidden from searches, by its settings. Whether it sends at this moment is not known.
finding-bluetooth_discoverable = bluetoothd lets everybody find this machine.
    .means = It answers searches with its name and a lasting address.
    .do = Hide it: bluetoothctl discoverable off.
finding-bluetooth_name_tells = The Bluetooth name “{ $name }” holds the name of somebody with an account here.
    .means = Whoever searches may read it.
    .do = Give it a name that says nothing: bluetoothctl system-alias.
finding-mdns = This machine takes part in multicast DNS (avahi, or UDP port 5353).
    .means = It may tell its name and services to everybody in the same network.
    .do = In networks of others switch it off: systemctl stop avahi-daemon.socket avahi-daemon.
finding-host_name = The host name “{ $name }” holds no name of an account here. It is sent to networks that the machine joins.
finding-host_name_tells = The host name “{ $name }” holds the name of somebody with an account here.
    .means = It is sent to every network that the machine joins.
    .do = Give it a name that says nothing: hostnamectl hostname NAME.
finding-sensor_described = { $sensor } says of itself: { $description }.
finding-sensor_heard = { $sensor }: { $rate } reports a second from { $senders } addresses in { $listened }; longest silence { $silence } s; heard something in { $share } of the seconds.
finding-sensor_gaps = { $sensor }: { $rate } reports a second from { $senders } addresses in { $listened }; longest silence { $silence } s; heard something in only { $share } of the seconds.
    .means = Few devices are near, or the receiver pauses: which of them is not known.
    .do = Lay a switched-on phone or an own tag beside it and measure again, best with --reference and --interval.
finding-sensor_silent = { $sensor } was open for { $listened } and heard nothing.
    .means = It is deaf, or nothing near it sends: which of them is not known.
    .do = Lay a switched-on phone beside it and measure again. If it still hears nothing, unplug it and plug it in, then look at antenna and firmware.
finding-sensor_not_opened = { $sensor } could not be opened: { $why }.
    .means = Nothing is heard with it.
    .do = Above stands what it needs: is it plugged in, may this account use it, does another program hold it?
finding-sensor_broke_off = { $sensor } was lost while listening: { $why }.
    .means = It will have gaps under way as well.
    .do = Check plug, cable and supply; then measure for longer: --for 5m.
finding-sensor_filtered = { $sensor } hears only what its filter lets through.
    .means = What the filter does not know is never heard.
    .do = Use a sniffer or hci:N where you can.
finding-sensor_lost = { $sensor }: { $count } reports were lost before they reached Vigie.
    .means = The machine or the line does not keep up.
    .do = Use a USB port of its own, and stop what else the machine does.
finding-sensor_damaged = { $sensor }: { $count } damaged packets.
    .means = Some are usual in busy air. Many mean a bad line or the wrong firmware.
    .do = If they are many beside what was heard: check the cable and the firmware.
finding-channels = { $sensor } heard the channels { $heard }.
finding-channels_unknown = { $sensor } does not say on which channels it hears.
    .means = Whether it hears all three is not known.
    .do = Nothing, for an adapter: it changes channels by itself. A sniffer says it.
finding-channels_unsure = { $sensor } heard the channels { $heard } so far.
    .means = Too little was heard to say whether another is missing.
    .do = Measure for longer: --for 60s.
finding-channel_missing = { $sensor } heard the channels { $heard } and not { $missing }.
    .means = It is deaf to a tag that sends on the missing ones only.
    .do = Let the sniffer change channels, or use one for each.
finding-reference_heard = { $sensor } heard your tag { $address } { $heard } times of { $expected }: { $share } (95 %: { $low } to { $high }).
finding-reference_unsure = { $sensor } heard your tag { $address } { $heard } times of { $expected }: { $share } (95 %: { $low } to { $high }).
    .means = Whether it is heard often enough (half of what it sends) is not known yet.
    .do = Measure for longer, with the tag where it is: --for 5m.
finding-reference_seldom = { $sensor } heard your tag { $address } only { $heard } times of { $expected }: { $share } (95 %: { $low } to { $high }).
    .means = Less than half. A hidden tag at that place would be missed as often. Or address or interval are not those of the tag.
    .do = Lay the tag beside the receiver and measure again. If it is heard then, the place is bad: move the receiver, or use a second one.
finding-reference_too_often = { $sensor } heard your tag { $address } { $heard } times, where { $expected } were expected.
    .means = It sends more often than was said, so the share heard is not known.
    .do = State its interval: --interval SECONDS.
finding-reference_too_short = { $sensor } listened for less than one interval of your tag { $address } (heard { $heard } times, { $expected } expected).
    .means = Whether it hears the tag often enough is not known.
    .do = Measure for longer: --for 5m.

## The command line: simulated recordings

enrol-added = { $name } is enrolled as ours in { $path }. The file is for its owner’s eyes only.
enrol-removed = { $name } is no longer enrolled. It is judged like any other device from now on.
enrol-away = { $name } is noted as elsewhere for that time. If its address is heard then, it is judged like any other.
enrol-nobody = No device is enrolled in { $path }.
enrol-none = not noted
enrol-line-key = { $name }: known under every address by its key. Vehicle: { $vehicle }. Consent: { $consent }.
enrol-line-both = { $name }: known under every address by its key, and as { $list }. Vehicle: { $vehicle }. Consent: { $consent }.
enrol-line-address = { $name }: known as { $list }. Vehicle: { $vehicle }. Consent: { $consent }.
enrol-take = { $name } would be { $list }: in { $heard } it was the loudest that lasted ({ $level } dBm), { $louder } dB louder than the next.
enrol-take-alone = { $name } would be { $list }: in { $heard } it was the loudest that lasted ({ $level } dBm), and nothing else lasted.
enrol-changes = This address will be changed, by most devices within 15 minutes. The next one will be labelled as probably yours and still raise an alert. Enrol the device by its key to know it under every address.
enrol-confirm = Nothing was kept. If this is your device, run the command again with --yes. A planted tracker beside you can look the same: switch the device off and listen again to be sure.
error-enrol-where = Where is the enrolment kept? Name a case folder with --case or a file with --file.
error-enrol-file = { $name }: this is no enrolment file that can be used. Nothing was changed. Correct or remove it.
error-enrol-name = “{ $name }” is enrolled already, or is no name. Choose another name or remove it first.
error-enrol-unknown = “{ $name }” is not enrolled. See “vigie enroll list”.
error-enrol-consent = The key of “{ $name }” recognises its owner’s device anywhere. It is kept only with the owner’s consent on record: --consent "who, when".
error-enrol-key = The key of “{ $name }” is not 32 hexadecimal digits. Nothing was kept.
error-enrol-address = “{ $name }” is no device address such as C0:11:22:33:44:55. Nothing was kept.
error-enrol-family = “{ $name }” is no tracker family that is known. Nothing was kept. The documentation of formats lists them.
error-enrol-device = The enrolment of “{ $name }” is not complete or not readable. Remove it and enrol the device again.
error-enrol-time = “{ $name }” is no time such as 2026-11-24T06:30:00Z. Nothing was kept.
error-enrol-nothing = Nothing that lasts was heard beside “{ $name }”. Is its Bluetooth on? Listen longer, right beside it.
error-enrol-quiet = What was heard is too quiet to lie beside the receiver, so “{ $name }” was not enrolled. Put the device on the receiver and listen again.
error-enrol-two = Two devices are equally loud, so it is not known which one is “{ $name }”. Nothing was kept. Move the others away and listen again.
simulated = Simulated recording: { $path }, { $frames ->
    [one] one frame
   *[other] { $frames } frames
}. The hidden tag is { $tag }.

simulated-case = Simulated case: { $path }, { $frames ->
    [one] one frame
   *[other] { $frames } frames
}. { $tags ->
    [0] Nothing is hidden in it.
    [one] The hidden tag is { $tag }.
   *[other] The hidden tag uses { $tags } addresses, { $tag } first.
}

## The command line: evaluate. R0, R1 and R2 are ways to label own devices; the last text tells them apart.

evaluate-pooled = All recordings
evaluate-rule = rule
evaluate-found = found
evaluate-recall = recall [95%]
evaluate-precision = precision
evaluate-false-alarms = false alarms R0/R1/R2
evaluate-per-hour = per hour, R0 [95%]
evaluate-median = median s
evaluate-ninety = 90% s
evaluate-within = in 15/30 min
evaluate-restricted-mean = restricted mean s
evaluate-brier = Brier R0/R1/R2
evaluate-hours = h
evaluate-identifiers = identifiers
evaluate-own = left out as own R0/R1/R2
evaluate-reliability = Stated probabilities and what came true
evaluate-stated = stated
evaluate-emitters = n
evaluate-mean-stated = mean
evaluate-observed = observed [95%]
evaluate-left-out = Calibration refitted, one recording left out each time
evaluate-base = base
evaluate-regimes = R0: as labelled. R1: without identifiers heard in the first minute at a mean of −70 dBm or more. R2: without these and the addresses that followed on them. Times are wall time from first sighting to alert.
evaluate-profile = Judged with profile { $profile }. A false alarm is counted per identifier.
evaluate-semi-synthetic = (semi-synthetic: put together from real recordings)
evaluate-composed-still = A fixed beacon beside us, two hours at one exact position
evaluate-composed-noise = A fixed beacon beside us for two hours, positions with 5 m of noise
evaluate-composed-leaving = A fixed beacon beside us for two hours, then we walk away
evaluate-composed-still-no-positions = A fixed beacon beside us for two hours, no positions
evaluate-composed-ride = A ride of 40 minutes with twelve fellow travellers, one planted tag
evaluate-composed-ride-no-positions = A ride of 40 minutes with twelve fellow travellers, one planted tag, no positions
evaluate-without-positions = The same recordings, positions removed
evaluate-redraw-sighting = Planted trackers with a new identifier at every sighting
evaluate-redraw-seconds = Planted trackers with a new identifier every { $seconds } s
evaluate-redraw-together = All of a recording together; a clone alert finds all that are present
evaluate-redraw-alone = Each alone, the others’ sightings removed

## Words that fill gaps

word-all_sensors = all sensors
code-unknown = { $code } (no text for this code)

## Scenarios

scenarios-progress = done: { $case }, { $environment }
scenarios-simulated = Scenario families (simulated)
scenarios-semi-synthetic = Scenario families (semi-synthetic: real drives, simulated devices)
scenarios-case = case
scenarios-environment = environment
scenarios-runs = hearable/runs
scenarios-recall = found in 5/15/30 min
scenarios-median = median s
scenarios-ninety = 90% s
scenarios-aim = aim s
scenarios-oracle = oracle median s
scenarios-clear-aboard = clear with it aboard
scenarios-vehicle = right vehicle (of named)
scenarios-pair = right vehicle or pair
scenarios-expected = as expected
scenarios-alarms = false alarms
scenarios-links = links found/right
scenarios-best-rival = best rival: in 30 min, median s
scenarios-rivals = Rival rules: found in 30 min, median s
scenarios-clean = Drives with nothing planted
scenarios-clean-rivals = Rival rules on them: false alarms per hour of the convoy
scenarios-classes = devices
scenarios-all = all classes
scenarios-tags = tags only
scenarios-drives = drives with alarm
scenarios-vehicle-hours = vehicle-hours
scenarios-emitters = emitters
scenarios-rate = per vehicle-hour [95%]
scenarios-rate-by-drive = counting drives [95%]
scenarios-resampled = drives resampled
scenarios-per-day = per convoy-day of 10 h
scenarios-clear = share of time clear
scenarios-reliability = Reliability: emitters that travel with us, all rows together
scenarios-vehicle-reliability = Reliability: the vehicle that is named
scenarios-legend = Time counts from the first reception by any sensor, in rows marked * from the departure; those not found count as
    never in the quantiles. False alarms: on one emitter + on trackers that change their key. = aim kept, ! missed.
scenarios-prototypes = The prototypes’ figures and ours in their world (both simulated)
scenarios-theirs = prototype
scenarios-ours = vigie
scenarios-interrupted = Interrupted: rows may rest on fewer runs, and some are missing.

## Under attack

adversarial-title = Under attack and with broken sensors (simulated; seven vehicles, forty minutes, two enrolled devices in each vehicle, the tag in the boot of the third)
adversarial-legend = Times in seconds from the tag’s first sighting. Blind and clear are shares of the time, looked at every ten seconds; blind at the end: runs. Notices: in how many runs each was given.
adversarial-none = nothing
adversarial-flood = 10,000 new addresses a second from one sensor for a minute
adversarial-replay-stranger = the tag replays a stranger’s address and key
adversarial-replay-own = the tag bears the address of an enrolled device that is at home
adversarial-power = power hops by 12 dB either way
adversarial-channel-hopping = tag on channel 37 only, sensors change channels
adversarial-positions = positions lost for ten minutes
adversarial-deaf = the sensor in the tag’s vehicle falls silent after five minutes
adversarial-yes = yes
adversarial-no = no
adversarial-load = { $number } foreign frames a second and channel
adversarial-channel-fixed = tag on channel 37 only, all sensors on { $number }
adversarial-clock = the sensor in the tag’s vehicle is { $number } s off
adversarial-head-case = what is done
adversarial-head-environment = environment
adversarial-head-tag = tag
adversarial-head-found = found
adversarial-head-median = median
adversarial-head-ninety = 90 %
adversarial-head-alarms = false alarms
adversarial-head-own = on our own
adversarial-head-blind = blind
adversarial-head-clear = clear
adversarial-head-end = blind at end
adversarial-head-emitters = emitters
adversarial-head-notices = notices

## The command line: making a tag sound

sound-warning = This makes { $address } sound. It transmits: Vigie connects to the tag, and whoever watches the radio sees that somebody here has found it. The tag’s owner may hear it or be told by its application. The tag keeps a trace of it: it is an exhibit, and this changes it. If the people who planted it must not learn that it was found, do not do this.
sound-ask = Type “yes” to go on, anything else to leave it:
sound-listening = Listening for { $address }. Nothing is transmitted yet.
sound-connecting = { $address } is heard at { $level } dBm. Connecting: from now on this is transmitted.
sound-connected = Connected. Looking for the way to make it sound.
sound-done = { $address } was told to sound ({ $way }, written: { $written }) and answered { $answer }. Listen, and search where it is loudest. The connection is closed.
sound-done-unanswered = { $address } was told to sound ({ $way }, written: { $written }) and took it without an answer. If you hear nothing, its loudspeaker may have been removed: go on by level. The connection is closed.
sound-declined = { $address } was told to sound ({ $way }, written: { $written }) and declined ({ $answer }). It is probably near its owner, or has sounded just now. Try again in half an hour, or go on by level.
sound-refused = { $reason }. Nothing was transmitted. Run it with the rights to use Bluetooth.
sound-lost = The adapter cannot listen: { $reason }. Nothing was transmitted. Put that right, then try again.
sound-unheard = { $address } was not heard, so it was not called. Nothing was transmitted. It may have changed its address: take the newest one, and go closer.
sound-unconnected = { $address } was heard, but could not be connected to: { $reason }. The attempt was transmitted. Go closer and try again; a tag that is connected to its owner takes nobody else.
sound-no-way = { $address } is connected to, but offers no way to sound that is known. The connection was noticed by the device and is closed. Go on by level.
sound-unwritten = { $address } did not take the command: { $reason }. The connection was noticed by the device and is closed. It may be near its owner: try again in half an hour, or go on by level.
sound-recorded = This is recorded in the case.

error-sound-address = “{ $address }” is no device address such as C0:11:22:33:44:55. Nothing was transmitted.
error-sound-sensor = A tag can be made to sound only through bluetoothd. Nothing was transmitted. Name the adapter: --sensor bluez:hci0.
error-sound-unconfirmed = { $address } was not made to sound, because nobody confirmed it. Nothing was transmitted. Confirm at a terminal, or give --yes if you have read who may notice.

## Demo

demo-intro = Simulated: a convoy of { $vehicles } vehicles in a town, one sensor in each.
demo-parked = { $at }  The vehicles are parked.
demo-planted = { $at }  (unseen) Somebody hides a tracker in { $vehicle }.
demo-departure = { $at }  The convoy drives off.
demo-found = In truth it was in { $vehicle }. The alert came { $seconds } after the departure.
demo-missed = In truth a tracker was in { $vehicle }. It was not found.

## Alarms: what leaves the machine, and what is said about it

alarm-title-alert = Vigie: alert
alarm-title-deaf = Vigie: cannot listen
alarm-title-test = Vigie: test
alarm-alert = Vigie: alert. Something travels with you. Open Vigie.
alarm-deaf = Vigie: cannot listen. A receiver has been deaf for more than a minute: what travels with you now may go unnoticed. Open Vigie.
alarm-test = Vigie: test of this channel. It says nothing about what is around you. Nothing needs to be done.
alarm-when = { $utc } UTC, { $local } local time. Reference: { $reference }.
alarm-full-vehicle = Vehicle: { $vehicle } ({ $probability }).
alarm-full-found = Probability: { $probability }. Analyzer: { $analyzer }.
alarm-full-sensor = Sensor: { $sensor }.
alarm-none = { $path } sets up no alarm: alerts stay on this machine. Add an [[alarm]] section to be told elsewhere.
alarm-test-delivered = { $channel }: delivered.
alarm-test-failed = { $channel }: FAILED. { $reason }. { $todo }
alarm-do-unreachable = Alarms do not get there. Check that the server runs, its name and port, and the network.
alarm-do-timed_out = Alarms do not get there in time. Check the network, and whether something holds up the server or the program.
alarm-do-certificate = The other side did not show who it is, so nothing was sent. Check its name and certificate; for an authority of your own set ca_file.
alarm-do-refused = The server wants another name, password or token. Put the right one where the settings point.
alarm-do-answer = The server is there and does not take the message. Check the address or topic, and the server’s log.
alarm-do-program = The program did not do its work. Run it by hand.
alarm-do-terminal = Start Vigie in a terminal, or set a player.
alarm-state-none = { $path } holds no queue of alarms: nothing was ever to be sent from this case.
alarm-no-such-cause = No cause is called { $cause }. The messages name it behind “Reference”.
alarm-state-empty = No alarm was raised.
alarm-state-channel = { $channel }: { $delivered } delivered, { $waiting } waiting, { $undeliverable } undeliverable so far, { $muted } muted, { $acknowledged } not needed any more.
alarm-state-failing = failing since { $since } UTC ({ $reason }); tried again, at the latest every five minutes
alarm-state-mute = Muted until { $until } UTC: { $what }, by { $by }: { $reason }
alarm-state-acknowledged = Acknowledged at { $at } UTC: { $cause }, by { $by }
alarm-expected = { $vehicles ->
    [one] Alarms to expect in ten hours with one vehicle and nothing aboard, threat level normal (simulated, not measured on roads):
   *[other] Alarms to expect in ten hours with { $vehicles } vehicles and nothing aboard, threat level normal (simulated, not measured on roads):
}
alarm-expected-row = { $environment }: { $tags } (up to { $tags_high }) from tags of others, { $all } (up to { $all_high }) counting every kind of device
alarm-expected-row-tags = { $environment }: { $tags } (up to { $tags_high }) from tags of others
alarm-environment-rural = country road
alarm-environment-motorway = motorway
alarm-environment-city = town
alarm-environment-crowd = crowd
## The command line: what is wrong in a settings file

error-setting-unknown = { $path }, line { $line }: there is no setting “{ $name }” here. The settings were not taken, and the command was not carried out. Possible here: { $more }.
error-setting-choice = { $path }, line { $line }: “{ $name }” is not possible here. The settings were not taken, and the command was not carried out. Possible: { $more }.
error-setting-type = { $path }, line { $line }: “{ $name }” must be { $more }. The settings were not taken, and the command was not carried out. Correct the line.
error-setting-missing = { $path }, line { $line }: “{ $name }” is missing there. The settings were not taken, and the command was not carried out. Add it.
error-setting-twice = { $path }, line { $line }: “{ $name }” is set twice. Which one counts is not known, and the command was not carried out. Remove one.
error-setting-other = { $path }, line { $line } is no TOML, or stands in the wrong place ({ $name }). The settings were not taken, and the command was not carried out. Settings are written name = value, texts in quotes, sections as a name in square brackets.
setting-number = a number (0.5)
setting-count = a whole number from 0 on (3)
setting-whole = a whole number (-3)
setting-text = a text in quotes
setting-truth = true or false
setting-list = a list in square brackets
setting-section = a section, with its name in square brackets on a line of its own

## The console's server

console-open = Console: { $address }
console-address = Console: { $address }  The whole link, with its key, is in { $path }.
console-serves = The console stays open. Ctrl+C ends it.
console-busy = The console cannot listen on { $address }: { $reason }. Give another address with “--listen”, or “--no-console”.
console-not-loopback = The console listens on this machine only. { $address } can be reached by others, and this version does not encrypt: they could read along. Listen on 127.0.0.1; from elsewhere, reach it through a tunnel (ssh -L 8750:127.0.0.1:8750).
console-paced = Simulated, at { $speed } times the speed of time.
refused-login = You are not signed in, or your time is over. Open the link that Vigie printed, or ask for a new one.
refused-token = This key does not open anything. Copy the whole link once more, or ask for a new one. The attempt is in the log.
refused-role = Your role does not allow this. Ask somebody who may for a link with more rights.
refused-forged = This request did not come from this page and was not carried out. Open the console by its own link.
refused-unknown = There is nothing at this address. Go back to the start page.
refused-method = This address does not take such a request.
refused-large = That is too much text. Shorten it and try again.
refused-media = The server takes JSON only here.
refused-attempts = Too many wrong keys at once. Wait a minute and try again.
refused-field = “{ $field }” is missing or is not what it should be. Correct it and try again; nothing was changed.
refused-about = { $about } is not among the alerts. It may have been counted anew: load the list again.
refused-unconfirmed = To call this device ours silences its alarms. Confirm it, or leave it; nothing was changed.
refused-store = It could not be written down, and so it was not done: { $reason }. Check the room on the disk and try again.
cause-silent = A sensor has heard nothing for longer than its habit ({ $sensors }). Nothing is heard in its vehicle. Check its cable and its place.
cause-air_full = The air around a sensor is so full that most frames are lost ({ $sensors }). A tracker may be there and not be heard.
act-look = looked
act-login = signed in
act-login_refused = a wrong key was tried
act-acknowledge = acknowledged
act-mute = muted
act-unmute = ended a mute
act-ours = said that it is ours
act-officer_alert = an officer's own phone gave an alert
act-note = noted
act-link = made a link
act-sound = made a tag sound
owner-blind = The tracker's owner notices nothing of what Vigie does: it only listens.
owner-clear = The tracker's owner notices nothing of what Vigie does: it only listens.
owner-watch = The tracker's owner notices nothing as long as you drive on as usual and leave the device alone.
owner-act = The owner sees where the tracker goes, and that you stop, turn back or enter a police station. If it is removed, switched off or shielded, the owner sees that it stays behind or falls silent. Making it sound may be shown to the owner.
demo-case = Demonstration

## Console page

ui-skip = Skip to the suspects
ui-sections = Parts of the page
ui-suspects = Suspects
ui-suspect = Suspect
ui-state = State
ui-map = Map
ui-map-label = Map of the convoy; the same is said in words below
ui-timeline = Timeline
ui-timeline-head = Timeline: what travels with you
ui-timeline-label = Timeline by vehicle; the same is in the table below. Arrow keys move, plus and minus zoom.
ui-timeline-move = Move the timeline
ui-timeline-table = What travels with you, by vehicle and time
ui-timeline-none = Nothing that travels with you so far. This is no all-clear.
ui-timeline-more = { $count } more are drawn above.
ui-earlier = Earlier
ui-later = Later
ui-nearer = Zoom in
ui-farther = Zoom out
ui-whole = All of it
ui-search = Search
ui-search-head = Search a vehicle
ui-search-none = This suspect was not heard at this vehicle. That does not say that it is not there.
ui-search-age = Heard { $age } ago, at { $at }.
ui-search-count = Mean of { $count } receptions.
ui-search-spread = In the { $span } before: between { $least } and { $most }. A level within that says neither hot nor cold.
ui-search-stay = Stay at least { $span } in each zone: that is { $count } receptions at the present pace.
ui-hotter = hotter
ui-colder = colder
ui-same = no change that counts
ui-old = old: move on only when it is heard again
ui-sound-last = Making it sound comes last: its owner may be told. Search by level and by hand first.
ui-zone = Zone
ui-sensors = Sensors
ui-sensors-head = Sensors
ui-sensor = Sensor
ui-hears = Hears
ui-hears-yes = hears
ui-hears-no = DEAF
ui-heard-last = Last heard
ui-frames = Frames
ui-channels = By channel
ui-on-channel = { $sensor }, channel { $channel }
ui-deaf = Deaf time
ui-no-deaf = No sensor was found deaf.
ui-cause = Cause
ui-from = From
ui-to = To
ui-still = still
ui-ours-head = Our own devices (presence only)
ui-no-ours = No own device is enrolled here, or none was heard.
ui-device = Device
ui-present = Present for
ui-not-heard = not heard
ui-threat-head = Threat level, and what each would make of it
ui-level-of-threat = Threat level
ui-now = now
ui-of-strongest = Probability of the strongest suspect
ui-llr-of-strongest = Evidence on the strongest suspect: { $llr } nats, the same at every level.
ui-threat-note = The level moves what is believed beforehand, never the evidence. A higher level alerts earlier and more often wrongly.
ui-shift = Handover
ui-shift-head = Handing over the shift
ui-print = Print this page
ui-open = Open alerts
ui-none-open = No open alert.
ui-mutes = Muted
ui-no-mutes = Nothing is muted.
ui-decisions = Who decided what
ui-no-decisions = Nothing was decided here yet.
ui-log-head = Log: who did and who looked
ui-when = When
ui-person = Who
ui-what = What
ui-about = About
ui-theme = Brightness
ui-cover = Hide
ui-covered = The page is hidden
ui-simulated = SIMULATED: nothing here is real
ui-speed = · ×{ $speed }
ui-ended = · ended
ui-lost = Connection lost: what you see is from { $at }
ui-standstill = Nothing new has come since { $at }: this picture stands still
ui-zone-of-time = Times here: { $zone }
ui-unknown = unknown
ui-unknown-device = Unknown device
ui-todo = What to do
ui-todo-full = What to do, in full
ui-why = What is not known
ui-more = More: advice in full, what the owner notices, what is never excluded
ui-owner = What the tracker’s owner would notice
ui-cannot-exclude = What this can never exclude
ui-since = Since { $at } ({ $span }).
ui-clear-without = There is no figure for how sure this is.
ui-figures = Picture of { $at }. Listened for { $heard }. { $passers } passers-by, counted and never listed.
ui-no-suspects = No suspect so far. This is no all-clear: the state above says what was heard.
ui-more-suspects = { $count } more suspects are not drawn here.
ui-heard-from-to = Heard { $from } – { $to }. Alert { $at }, after { $span }.
ui-acknowledged = Acknowledged by { $who }, { $at } { $reason }
ui-muted-until = muted until { $at }
ui-called-ours = Said to be ours
ui-by-vehicle = In which vehicle, and how loud
ui-vehicle = Vehicle
ui-probability = Probability
ui-level = Newest level
ui-heard-at = Heard at
ui-span = From – to
ui-outside = none of ours
ui-reasons = Reasons and evidence
ui-for = For it
ui-against = Against it
ui-nothing-known = Nothing known.
ui-evidence = Evidence and belief
ui-llr = Evidence: log-likelihood ratio in nats
ui-prior = Believed beforehand (prior)
ui-both = Probability, from both
ui-identifiers = Addresses
ui-counted = Addresses counted
ui-evidence-note = The threat level moves what is believed beforehand, never the evidence.
ui-acknowledge = Acknowledge
ui-acknowledge-says = You have seen it and somebody deals with it. It stays here and in the log.
ui-mute = Mute
ui-mute-says = No alarm for it until the time is over. The next shift reads why.
ui-unmute = End the mute
ui-unmute-says = It may alarm again from now on.
ui-ours = It is ours
ui-ours-says = Only when you hold it in your hand and know whose it is. A planted tracker that is called ours alarms nobody.
ui-confirm-ours = I have seen the device, and it belongs to us
ui-officer-alert = A phone gave an alert
ui-officer-alert-says = An officer’s own phone told of a tracker. Enter when, and what it said.
ui-note = Note
ui-note-says = It goes to the log with your name and the time.
ui-link = Link for another person
ui-link-says = A link that opens this page once, for one person.
ui-link-once = Hand it over in person. It is shown only now.
ui-role = May
ui-role-look = look
ui-role-act = look and act
ui-role-administer = administer
ui-hours = For how many hours
ui-for-whom = For whom
ui-who = Your name
ui-reason = Reason
ui-reason-if-any = Reason, if any
ui-until = For how long
ui-at = At what time
ui-do-it = Do it and log it
ui-cancel = Cancel
ui-close = Close
ui-done = Done and logged, { $at }.
ui-no-positions = No position is known.
ui-convoy = convoy
ui-map-last = { $vehicle }: last at { $lat }, { $lon }, { $at }
ui-map-suspect = { $id }: heard at { $count } points of the way, last { $at } with { $level }
