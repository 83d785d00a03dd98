package pebble

import (
	"bytes"
	"encoding/binary"

	"batos/store"

	lsm "github.com/cockroachdb/pebble/v2"
)

// The first byte of a key says its kind; see the package comment.
const (
	kindVersion     = 'v'
	kindTransaction = 't'
	kindReferrer    = 'r'
	kindIndex       = 'i'
	kindBlob        = 'b'
	kindBlobUse     = 'B'
	kindSymbol      = 's'
	kindHead        = 'm'
)

// splitLen is what v and r keys share between versions: the kind and one oid.
const splitLen = 1 + 8

func appendVersionKey(b []byte, oid store.OID, tid store.TID) []byte {
	b = append(b, kindVersion)
	b = binary.BigEndian.AppendUint64(b, uint64(oid))
	return binary.BigEndian.AppendUint64(b, ^uint64(tid))
}

func appendTransactionKey(b []byte, tid store.TID) []byte {
	b = append(b, kindTransaction)
	return binary.BigEndian.AppendUint64(b, uint64(tid))
}

func appendReferrerKey(b []byte, target, source store.OID, tid store.TID) []byte {
	b = append(b, kindReferrer)
	b = binary.BigEndian.AppendUint64(b, uint64(target))
	b = binary.BigEndian.AppendUint64(b, uint64(source))
	return binary.BigEndian.AppendUint64(b, ^uint64(tid))
}

func appendBlobUseKey(b []byte, h store.Hash, oid store.OID, tid store.TID) []byte {
	b = append(b, kindBlobUse)
	b = append(b, h[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(oid))
	return binary.BigEndian.AppendUint64(b, ^uint64(tid))
}

func indexKey(key string) []byte {
	b := make([]byte, 0, 1+len(key))
	b = append(b, kindIndex)
	return append(b, key...)
}

func blobKey(h store.Hash) []byte { return append([]byte{kindBlob}, h[:]...) }

func symbolKey(n uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{kindSymbol}, n)
}

var headOID = []byte{kindHead, 'o', 'i', 'd'}

// versionTID reads the tid at the end of a v, r or B key.
func versionTID(key []byte) store.TID {
	return store.TID(^binary.BigEndian.Uint64(key[len(key)-8:]))
}

func transactionTID(key []byte) store.TID {
	return store.TID(binary.BigEndian.Uint64(key[1:]))
}

// after is the smallest key greater than all keys with the prefix, nil when
// there is none.
func after(prefix []byte) []byte {
	end := bytes.Clone(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// comparer orders keys by their bytes and splits v and r keys after the oid.
// Its name is on disk: a change of Split needs a new name and a migration.
var comparer = func() *lsm.Comparer {
	c := *lsm.DefaultComparer
	c.Name = "batos.split9.v1"
	c.Split = func(key []byte) int {
		if len(key) >= splitLen && (key[0] == kindVersion || key[0] == kindReferrer) {
			return splitLen
		}
		return len(key)
	}
	// Separators shortened below nine bytes are keys with a prefix of their
	// own, which is a valid order, since prefixes compare by their bytes too.
	return &c
}()
