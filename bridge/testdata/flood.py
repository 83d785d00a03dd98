"""Sends many requests, a window of them at a time, and checks that each gets
its reply and that the replies are numbered without a hole."""
import sys

import msgpack
import zmq

address, count, window = sys.argv[1], int(sys.argv[2]), 500
context = zmq.Context()
socket = context.socket(zmq.DEALER)
socket.RCVTIMEO = 20_000
socket.connect(address)
socket.send(msgpack.packb({"v": 1, "id": "hello", "command": "hello", "client": "flood"}))
socket.recv()
pack, unpack = msgpack.Packer().pack, msgpack.unpackb
waiting, sent, seq = set(), 0, 1
while sent < count or waiting:
    while sent < count and len(waiting) < window:
        socket.send(pack({"v": 1, "id": str(sent), "command": "send", "target": "genesis_obj", "selector": "echo", "args": [sent]}))
        waiting.add(sent)
        sent += 1
    reply = unpack(socket.recv())
    seq += 1
    assert reply["seq"] == seq and reply["status"] == "OK", reply
    assert reply["result"] == [int(reply["id"])], reply
    waiting.remove(reply["result"][0])
print(sent, "answered")
context.destroy(linger=0)
