package lang

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"

	"batos/image"
)

// digest is the content of a hash object: all that it has been fed, since Go's
// hashes cannot be copied.
type digest struct {
	name string
	make func() hash.Hash
	fed  []byte
}

var digestType = &ExtraType{Type: &Type{Header: image.NewHeader(KindType), Name: "HASH"}, Methods: map[image.Symbol]*NativeFunction{}}

func init() {
	kinds := map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	functions := methodTable{}
	feed := func(m *Machine, d *digest, v Value) error {
		if v.Kind() == image.KindStr {
			return raiseText(TypeError, "Strings must be encoded before hashing")
		}
		b, err := needBytes(v)
		if err != nil {
			return raise(TypeError, "object supporting the buffer API required")
		}
		d.fed = append(d.fed, b...)
		return m.room(int64(len(b)))
	}
	start := func(m *Machine, name string, v Value) (Value, error) {
		d := &digest{name: name, make: kinds[name]}
		if !v.Absent() {
			if err := feed(m, d, v); err != nil {
				return Value{}, err
			}
		}
		return newExtra(digestType, d).Value(), m.Charge(iteratorSize)
	}
	for name := range kinds {
		functions[name] = keywords("/string *usedforsecurity", 0, func(m *Machine, a *Args) (Value, error) { return start(m, name, a.at(0)) })
	}
	functions["new"] = keywords("name data", 1, func(m *Machine, a *Args) (Value, error) {
		name, err := textArg("new", 1, a.Pos[0])
		if err != nil {
			return Value{}, err
		}
		if kinds[name] == nil {
			return Value{}, raise(ValueError, "unsupported hash type %s", name)
		}
		return start(m, name, a.at(1))
	})
	modules["hashlib"] = module("hashlib", nil, functions)
	sum := func(m *Machine, a *Args) ([]byte, error) {
		d := extraOf(a.Self).Data.(*digest)
		h := d.make()
		h.Write(d.fed)
		return h.Sum(nil), m.Work(int64(len(d.fed)>>2) + 64)
	}
	addMethods(digestType.Methods, "_hashlib.HASH", methodTable{
		"update": one(func(m *Machine, a *Args) (Value, error) {
			return image.None(), feed(m, extraOf(a.Self).Data.(*digest), a.Pos[0])
		}),
		"digest": none(func(m *Machine, a *Args) (Value, error) {
			b, err := sum(m, a)
			if err != nil {
				return Value{}, err
			}
			return m.NewBytes(string(b))
		}),
		"hexdigest": none(func(m *Machine, a *Args) (Value, error) {
			b, err := sum(m, a)
			if err != nil {
				return Value{}, err
			}
			return m.NewStr(hex.EncodeToString(b))
		}),
		"copy": none(func(m *Machine, a *Args) (Value, error) {
			d := *extraOf(a.Self).Data.(*digest)
			d.fed = append([]byte(nil), d.fed...)
			return newExtra(digestType, &d).Value(), m.room(int64(len(d.fed)))
		}),
	})
	digestType.Attribute = func(_ *Machine, x *Extra, name string) (Value, bool, error) {
		d := x.Data.(*digest)
		switch name {
		case "name":
			return image.NewStr(d.name), true, nil
		case "digest_size":
			return image.Int(int64(d.make().Size())), true, nil
		case "block_size":
			return image.Int(int64(d.make().BlockSize())), true, nil
		}
		return Value{}, false, nil
	}
}
