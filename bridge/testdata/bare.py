"""The frames that the first clients sent: no v, no id, no hello. And the same
over a REQ socket, whose messages begin with an empty part."""
import sys

import msgpack
import zmq

context = zmq.Context()


def ask(socket, **request):
    socket.send(msgpack.packb(request))
    return msgpack.unpackb(socket.recv(), strict_map_key=False, ext_hook=lambda code, data: data)


for kind in (zmq.DEALER, zmq.REQ):
    socket = context.socket(kind)
    socket.RCVTIMEO = 20_000
    socket.connect(sys.argv[1])
    shown = ask(socket, command="display_yourself")
    print(shown["status"], shown["result"], shown["id"] == "", shown["seq"])
    state = ask(socket, command="get_full_state")
    print(state["status"], sorted(state["result"]["objects"]), state["seq"])
    made = ask(socket, command="create_method", target_oid=2, method_name="f", method_code="def f(self):\n    return 1\n")
    print(made["status"], made["result"]["oid"], made["seq"])
    # A message that waits would tell so by events, which a client that gave no
    # id could not tell from replies.
    print(ask(socket, command="send", target="genesis_obj", selector="think", stream=True)["result"])
    print(ask(socket, command="sned")["error"]["code"])

# A DEALER may send the empty part too, and is answered in kind.
socket = context.socket(zmq.DEALER)
socket.RCVTIMEO = 20_000
socket.connect(sys.argv[1])
socket.send_multipart([b"", msgpack.packb({"command": "ping", "id": "p"})])
empty, frame = socket.recv_multipart()
print(empty, sorted(msgpack.unpackb(frame)["result"]))
socket.send_multipart([msgpack.packb({"command": "ping"}), b"two", b"three"])
print(msgpack.unpackb(socket.recv_multipart()[-1])["error"]["message"])

strict = context.socket(zmq.REQ)
strict.RCVTIMEO = 20_000
strict.connect(sys.argv[1])
print(ask(strict, command="watch", all=True)["error"]["message"])
print(ask(strict, command="ping")["status"])
context.destroy(linger=0)
