"""A DEALER client in Python, as the contract describes one: says hello, sends,
creates a method, clones, reads the state a page at a time, watches. Prints what
it got. Arguments: the address, and the objects a page."""
import struct
import sys

import msgpack
import zmq

REF = 1  # extension type of an object reference


def unpack(frame):
    def extension(code, data):
        return "@%d" % struct.unpack(">Q", data) if code == REF else (code, data)
    return msgpack.unpackb(frame, ext_hook=extension, strict_map_key=False)


def ref(text):
    return msgpack.ExtType(REF, struct.pack(">Q", int(text[1:])))


context = zmq.Context()
socket = context.socket(zmq.DEALER)
socket.RCVTIMEO = 20_000
socket.connect(sys.argv[1])
events, asked = [], 0


def receive():
    frames = socket.recv_multipart()
    assert len(frames) == 1, frames
    return unpack(frames[0])


def ask(command, **fields):
    global asked
    asked += 1
    request = str(asked)
    socket.send(msgpack.packb({"v": 1, "id": request, "command": command, **fields}))
    while True:
        frame = receive()
        if "event" in frame:
            events.append(frame)
            continue
        assert frame["v"] == 1 and frame["id"] == request, frame
        return frame


hello = ask("hello", client="python")
print("hello", hello["status"], hello["seq"], {"genesis_obj", "traits_obj"} <= set(hello["result"]["roots"]))
genesis = hello["result"]["roots"]["genesis_obj"]

print("send", ask("send", target="genesis_obj", selector="echo", args=[1, 1.5, "ü", b"\x00", None, [True]])["result"])
made = ask("create_method", target_oid=genesis, method_name="greet", method_code="def greet(self):\n    return 'hello'\n")
print("create_method", made["status"], made["result"]["oid"] == genesis, made["result"]["selector"])
refused = ask("create_method", target_oid=genesis, method_name="greet", method_code="greet me")
print("create_method", refused["status"], refused["error"]["code"], refused["error"]["line"])
clone = ask("send", target="genesis_obj", selector="clone")["result"]
print("clone", clone[0], clone != "@%d" % genesis)
print("send", ask("send", target_oid=ref(clone), selector="increment")["result"])
ask("set_slot", target="genesis_obj", slot="child", value=ref(clone))

objects, after, pages = {}, None, 0
while True:
    page = ask("get_full_state", limit=int(sys.argv[2]), **({"after": after} if after else {}))["result"]
    pages += 1
    objects.update(page["objects"])
    after = page["next"]
    if after is None:
        break
print("get_full_state", pages == -(-len(objects) // int(sys.argv[2])), objects[str(genesis)]["slots"]["greet"]["kind"],
      objects[clone[1:]]["slots"]["n"]["value"])

state = ask("watch", targets=["genesis_obj", ref(clone)])["result"]
print("watch", sorted(state["objects"]) == sorted([str(genesis), clone[1:]]))
seen = 0
for n in range(2, 12):
    print_n = ask("send", target_oid=ref(clone), selector="increment")["result"]
    assert print_n == n
while seen != 11:
    event = events.pop(0) if events else receive()
    assert event["event"] == "uvm_state_update", event
    update = event["state"][clone[1:]]["n"]
    assert update["op"] == "set" and update["value"] > seen, update
    seen = update["value"]
print("updates up to", seen)
print("unwatch", ask("unwatch")["status"])
print("error", ask("send", target="genesis_obj", selector="fail")["error"]["traceback"][0]["line"])
print("unknown field", ask("ping", colour=1)["error"]["message"])
context.destroy(linger=0)
