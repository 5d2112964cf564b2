"""What the controller was told to do, from btmon's text."""
import collections
import re


def air(path):
    """Counts of passive and active scans, advertising enabled, connections and inquiries."""
    text = open(path, errors="replace").read()
    commands = collections.Counter(re.findall(r"^< HCI Command: (.*?) \(", text, re.M))
    scans = collections.Counter(re.findall(r"^\s+Type: (Active|Passive) \(0x0", text, re.M))
    # What bluetoothd itself sets up when it starts is no enabling: only values other than "disabled" count.
    enabled = re.findall(
        r"Set (?:Extended )?Advertis\w+ Enable.*\n(?:.*\n)??\s+(?:Advertising|Extended advertising): Enabled", text)
    return {
        "passive scans": scans["Passive"],
        "active scans": scans["Active"],
        "advertising enabled": len(enabled),
        "connections": sum(n for name, n in commands.items() if "Create Connection" in name),
        "inquiries": commands["Inquiry"],
    }


def transmitted(told):
    """What of it makes a controller transmit."""
    return [name for name, n in told.items() if n and name != "passive scans"]
