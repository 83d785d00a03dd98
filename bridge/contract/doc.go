// Package contract is what programs and the image say to each other: the
// requests, replies and events of version 1, the errors they carry, and how
// values cross the wire. It knows frames as bytes and nothing of sockets.
//
// A frame is one MessagePack map. A client sends requests; the image sends
// replies (one for each request, under the request's id) and events (unasked).
// Everything the image sends in a session carries seq, counting from 1.
//
// The Go types here are the source of truth: what a command accepts are the
// fields of its struct (see Commands), the wire names are their json tags, and
// the JSON Schema in contract.json is generated from them.
//
// What must hold:
//
//   - Decoding is strict. A field that a command does not have is refused by
//     name, a value of the wrong type is refused naming both types, and what
//     is too deep or too large is refused before memory is spent on it: memory
//     used while decoding is bounded by a small multiple of the frame.
//   - Encoding and decoding are inverse: a plain value (see image.Map) that
//     was encoded comes back equal, both as MessagePack and as JSON.
//   - Results are decoded leniently, so that a newer image may add fields.
//
// Extensions of MessagePack: 1 a reference (8 bytes big-endian), 2 an integer
// beyond 64 bits (decimal digits), 3 a set (an array), 4 a blob (32 bytes of
// SHA-256, 8 bytes of size), 5 a map with a key that is none of nil, a boolean,
// a number, text, bytes and a reference: an array of [key, value] arrays, since
// the maps of most decoders cannot hold lists or sets as keys. Those inner
// arrays do not count as depth. Timestamps are MessagePack's own, -1.
//
// Traps: an object is named by a number where the field is about objects
// (target_oid, oid, after), and by a reference (extension 1) inside values.
// Keys of state maps are oids written in decimal, as text, since many decoders
// allow nothing else.
package contract

// Version is the contract's version, the v of every frame.
const Version = 1

// Limits of a session; hello tells them.
const (
	MaxFrame  = 16 << 20 // bytes of one frame
	MaxDepth  = 64       // containers within containers
	MaxOpen   = 1_000    // requests of a session without a reply yet
	MaxID     = 64       // characters of a request's id and of a client's name
	MaxItems  = 1 << 21  // values in one frame, which bounds what decoding allocates
	MaxDigits = 100_000  // decimal digits of a big integer
)
