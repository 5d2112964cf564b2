#!/usr/bin/env python3
"""A Bluetooth controller that exists in software only (pip: bumble), for the tests of live receivers.

    virtual_controller.py TRANSPORT SCENARIO.jsonl

TRANSPORT is bumble's: tcp-server:127.0.0.1:PORT, unix-server:PATH. Says on standard output, a line each: READY, every command that
it is sent (COMMAND 200b 00600060000000, opcode and parameters), and PLAYED N once the scenario was played, N the reports sent.

The scenario begins when the host scans. One JSON object a line, in order of t, seconds from then:
    {"t": 0.5, "address": "C0:..:01", "payload": "1eff4c00..", "rssi": -71}           a report of a device with a random address
    {..., "times": 1000, "extended": true}                                            as often, as an extended report
    {"t": 1, "garbage": "ffee"}                                                       bytes that are no packet
    {"t": 1, "deaf": true}                                                            from now on no command is answered
With EXTENDED=1 in the environment the controller says that it can hear extended advertising, with REFUSE=200c (an opcode) it refuses
that command."""

import asyncio
import json
import os
import sys

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink
from bumble.transport import open_transport

LEGACY = hci.HCI_LE_Advertising_Report_Event
EXTENDED = hci.HCI_LE_Extended_Advertising_Report_Event
REFUSED = int(os.environ.get("REFUSE", "0"), 16)


class Listening(Controller):
    """Tells what it is sent."""

    deaf = False

    def on_packet(self, packet):
        opcode = int.from_bytes(packet[1:3], "little")
        print(f"COMMAND {opcode:04x} {packet[4:].hex()}", flush=True)
        if self.deaf:
            return
        if opcode == REFUSED:
            self.host.on_packet(bytes([4, 0x0E, 4, 1, packet[1], packet[2], 0x0C]))
            return
        super().on_packet(packet)


def report(line):
    address = hci.Address(line["address"], hci.Address.RANDOM_DEVICE_ADDRESS)
    data, rssi = bytes.fromhex(line["payload"]), line["rssi"]
    if not line.get("extended"):
        one = LEGACY.Report(event_type=LEGACY.EventType.ADV_NONCONN_IND, address_type=address.address_type,
                            address=address, data=data, rssi=rssi)
        return bytes(LEGACY([one]))
    one = EXTENDED.Report(event_type=0, address_type=address.address_type, address=address, primary_phy=hci.Phy.LE_1M,
                          secondary_phy=hci.Phy.LE_1M, advertising_sid=1, tx_power=127, rssi=rssi,
                          periodic_advertising_interval=0, direct_address_type=0, direct_address=hci.Address.NIL, data=data)
    return bytes(EXTENDED([one]))


async def main(transport_name, scenario):
    with open(scenario, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    transport = await open_transport(transport_name)
    controller = Listening("virtual", host_source=transport.source, host_sink=transport.sink, link=LocalLink(),
                           public_address="00:11:22:33:44:55")
    if os.environ.get("EXTENDED") != "1":
        controller.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
    print("READY", flush=True)
    while not controller.le_scan_enable:
        await asyncio.sleep(0.01)
    loop = asyncio.get_running_loop()
    start, sent = loop.time(), 0
    for line in lines:
        await asyncio.sleep(max(0.0, start + line["t"] - loop.time()))
        if line.get("deaf"):
            controller.deaf = True
        elif "garbage" in line:
            transport.sink.on_packet(bytes.fromhex(line["garbage"]))
        else:
            packet = report(line)
            for number in range(line.get("times", 1)):
                transport.sink.on_packet(packet)
                sent += 1
                if number % 100 == 99:
                    await asyncio.sleep(0)
    print(f"PLAYED {sent}", flush=True)
    await loop.create_future()


asyncio.run(main(*sys.argv[1:3]))
