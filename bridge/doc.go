// Package bridge serves the contract (package contract) over ZeroMQ, WebSocket,
// Unix sockets and connections within the program: it reads requests, has the
// universal virtual machine (a uvm.Service) do them, and sends replies and
// events. It knows frames, sessions and rights, and nothing of storage.
//
// Kinds. A connection is one transport connection with its framing. A session
// is a conversation: it has the numbers (seq), the frames that a reconnecting
// client may have missed, the open requests and what is watched. It begins with
// hello and outlives its connection, so that hello can take it up again; the
// session that a ZeroMQ peer gets without hello ends with its connection.
//
// Entry points: New; Server.ListenZMQ, ListenUnix, ServeWebSocket and ServeConn;
// Server.Drain.
//
// What must hold:
//
//   - Each request that was read gets exactly one reply, whatever happens,
//     unless its session ends first. What was acknowledged is never dropped.
//   - A request that may change the image and has an id runs once: while it
//     runs, here, whichever session sends it again under the same client's
//     name; afterwards by the machine's own record of callers.
//   - No client can keep others waiting. Nothing waits for a peer to read:
//     frames are queued, a peer that does not read its answers is read no
//     further, and one with contract.MaxOpen open requests neither.
//   - Each goroutine belongs to the server (listeners, the hub), to a connection
//     (its reader) or to a session (its requests, its watch), and ends with it;
//     Drain waits for all.
//
// Traps: the requests of a session run at the same time, so a client that
// depends on the order waits for the reply before it sends the next. Hello is
// the exception: what follows it is run after it.
package bridge
