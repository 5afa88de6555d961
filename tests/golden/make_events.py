#!/usr/bin/env python3
"""Makes the golden file of the TensorBoard event format, tests/golden/events.tfevents.

    python3 tests/golden/make_events.py

Independent of the library: the messages are written by Google's protobuf package from the
fields of tensorboard/compat/proto/event.proto and summary.proto, and the checksum bit by
bit from the polynomial of CRC-32C (Castagnoli, 0x82f63b78 reflected), masked as
TensorFlow's record_writer masks it.
"""

import struct
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto


def messages():
    file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="t", syntax="proto3")

    def message(name, *fields):
        m = file.message_type.add(name=name)
        for number, field, kind, label, type_name in fields:
            m.field.add(name=field, number=number, type=kind, label=label, type_name=type_name)

    one, many = FIELD.LABEL_OPTIONAL, FIELD.LABEL_REPEATED
    message("Value", (1, "tag", FIELD.TYPE_STRING, one, None), (2, "simple_value", FIELD.TYPE_FLOAT, one, None))
    message("Summary", (1, "value", FIELD.TYPE_MESSAGE, many, ".t.Value"))
    message("Event", (1, "wall_time", FIELD.TYPE_DOUBLE, one, None), (2, "step", FIELD.TYPE_INT64, one, None),
            (3, "file_version", FIELD.TYPE_STRING, one, None), (5, "summary", FIELD.TYPE_MESSAGE, one, ".t.Summary"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("t.Event"))


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def record(event):
    data = event.SerializeToString(deterministic=True)
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked_crc(length)) + data + struct.pack("<I", masked_crc(data))


assert masked_crc(b"") == 0xA282EAD8
Event = messages()
TIME = 1_700_000_000.25
events = [Event(wall_time=TIME, file_version="brain.Event:2")]
for tag, value, step in [("loss/training", 0.5, 1), ("loss/validation", 0.625, 1), ("accuracy/training", 0.75, 1), ("accuracy/validation", 0.125, 1),
                         ("loss/training", 0.25, 300), ("Größe", -1e30, 1 << 40)]:
    event = Event(wall_time=TIME, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    events.append(event)
(Path(__file__).parent / "events.tfevents").write_bytes(b"".join(map(record, events)))
