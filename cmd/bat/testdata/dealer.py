"""A client as a Python programmer would write one: pyzmq and msgpack, nothing of ours.

usage: python3 dealer.py tcp://HOST:PORT

Says hello, sends, creates a method, clones an object, reads the full state,
watches changes, and tries the bare frames of the first design. Each step
asserts what it got; the last line printed is "all well".
"""
import struct
import sys

import msgpack
import zmq

context = zmq.Context()


class Client:
    def __init__(self, address):
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(address)
        self.count = 0
        self.events = []

    def receive(self):
        assert self.socket.poll(20_000), "no reply within 20 seconds"
        frames = self.socket.recv_multipart()
        assert len(frames) == 1, frames
        return msgpack.unpackb(frames[0], raw=False, strict_map_key=False)

    def bare(self, **fields):
        """Sends a frame as it is and returns the next reply."""
        self.socket.send(msgpack.packb(fields))
        while True:
            reply = self.receive()
            if "event" not in reply:
                return reply
            self.events.append(reply)

    def call(self, command, **fields):
        self.count += 1
        id = f"r{self.count}"
        reply = self.bare(v=1, id=id, command=command, **fields)
        assert reply["id"] == id, reply
        return reply

    def ok(self, command, **fields):
        reply = self.call(command, **fields)
        assert reply["status"] == "OK", reply
        return reply["result"]

    def event(self, name):
        while True:
            for i, e in enumerate(self.events):
                if e["event"] == name:
                    return self.events.pop(i)
            got = self.receive()
            assert "event" in got, got
            self.events.append(got)


def oid_of(ref):
    """An object reference is extension 1 with 8 bytes, big-endian."""
    assert isinstance(ref, msgpack.ExtType) and ref.code == 1, ref
    return struct.unpack(">Q", ref.data)[0]


def main(address):
    c = Client(address)
    hello = c.ok("hello", client="dealer.py")
    assert hello["version"] and hello["image"] and "genesis_obj" in hello["roots"], hello
    assert hello["limits"], hello
    print("hello: image", hello["image"], "roots", sorted(hello["roots"]))

    c.ok("ping")
    child = c.ok("send", target="genesis_obj", selector="clone", kwargs={"count": 40})
    oid = oid_of(child)
    print("clone: ok")

    made = c.ok("create_method", target_oid=oid, method_name="increment",
                method_code="def increment(self, by=1):\n    self.count += by\n    return self.count\n")
    assert made["selector"] == "increment", made
    assert c.ok("send", target_oid=oid, selector="increment") == 41
    assert c.ok("send", target_oid=child, selector="increment", kwargs={"by": 9}) == 50
    print("create_method and send: ok")

    # The same id again gets the first reply and runs nothing.
    again = c.bare(v=1, id=f"r{c.count}", command="send", target_oid=child, selector="increment", kwargs={"by": 9})
    assert again["result"] == 50, again

    bad = c.call("create_method", target_oid=oid, method_name="broken", method_code="def broken(self:\n    pass\n")
    assert bad["status"] == "ERROR" and bad["error"]["code"] == "syntax_error", bad
    missing = c.call("send", target_oid=10**15, selector="x")
    assert missing["error"]["code"] == "no_such_object", missing
    print("refusals: ok")

    # The clone must be held by something to last; a root does.
    c.ok("roots", name="counter", target=f"@{oid}")
    state, after = {}, None
    while True:
        page = c.ok("get_full_state", **({"after": after} if after else {}))
        state.update({int(k): v for k, v in page["objects"].items()})
        after = page.get("next")
        if not after:
            break
    assert oid in state, sorted(state)
    assert state[oid]["slots"]["count"]["value"] == 50, state[oid]
    assert "def increment" in state[oid]["slots"]["increment"]["source"], state[oid]
    print("get_full_state:", len(state), "objects")

    c.ok("watch", targets=["counter"])
    other = Client(address)
    other.ok("hello", client="other")
    assert other.ok("send", target="counter", selector="increment") == 51
    update = c.event("uvm_state_update")
    changed = {int(k): v for k, v in update["state"].items()}
    assert changed[oid]["count"]["op"] == "set" and changed[oid]["count"]["value"] == 51, update
    print("watch: ok")

    # The bare frames of the first design, on a connection that never says hello.
    seed = Client(address)
    full = seed.bare(command="get_full_state")
    assert full["status"] == "OK" and full["result"]["objects"], full
    made = seed.bare(command="create_method", target_oid=oid, method_name="double",
                     method_code="def double(self):\n    self.count = self.count * 2\n    return self.count\n")
    assert made["status"] == "OK", made
    assert c.ok("send", target="counter", selector="double") == 102
    display = seed.bare(command="display_yourself")
    assert display["status"] in ("OK", "WAITING"), display
    print("bare frames: ok")
    print("all well")


main(sys.argv[1])
