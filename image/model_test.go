package image

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs"

	"batos/store"
	"batos/store/pebble"
)

// The model of an image is a Go map of nodes. A history is a random list of
// transactions on two heaps, whose operations interleave, done to heaps and to
// the model alike. The model knows what each transaction reads and writes, so it
// predicts exactly which commits are refused. Entities are reached from the roots in
// every transaction anew, as the heap demands.

type node struct {
	kind Kind
	keys []string // slots of an object, keys of a dict
	vals []val
}

// val is an int, a method (method set), a reference (id set), or a tuple of
// both n and the reference (pair set).
type val struct {
	n      int64
	id     int
	pair   bool
	method bool
}

const rootsID = 0

type state map[int]*node

func (s state) clone() state {
	c := make(state, len(s))
	for id, n := range s {
		c[id] = &node{n.kind, slices.Clone(n.keys), slices.Clone(n.vals)}
	}
	return c
}

func (n *node) find(key string) int { return slices.Index(n.keys, key) }

func (n *node) put(key string, v val) {
	if i := n.find(key); i >= 0 {
		n.vals[i] = v
		return
	}
	n.keys, n.vals = append(n.keys, key), append(n.vals, v)
}

func (n *node) remove(key string) {
	i := n.find(key)
	n.keys, n.vals = slices.Delete(n.keys, i, i+1), slices.Delete(n.vals, i, i+1)
}

// model is what is committed.
type model struct {
	now     state
	version map[int]store.TID
	last    store.TID
	nextID  int
}

// session is one heap with its transaction, and the model's view of it.
type session struct {
	t       *testing.T
	rng     *rand.Rand
	m       *model
	h       *Heap
	open    bool
	base    state // at the snapshot
	tid     store.TID
	work    state
	read    map[int]bool
	caches  map[cacheKey]*cached
	history *[]string
}

// cacheKey and cached are an inline cache as the language's runtime has them.
type cacheKey struct {
	shape *Shape
	name  string
}

type cached struct {
	stamp, epoch uint64
	walked       []*Object
	holder       *Object // nil for the receiver itself
	index        int
	source       string
}

func (s *session) fail(format string, a ...any) {
	s.t.Helper()
	s.t.Fatalf("%s\nafter:\n%s", fmt.Sprintf(format, a...), strings.Join(*s.history, "\n"))
}

func (s *session) note(format string, a ...any) {
	*s.history = append(*s.history, fmt.Sprintf("%p ", s.h)[6:]+fmt.Sprintf(format, a...))
}

func (s *session) begin() {
	s.note("begin at %d", s.m.last)
	if err := s.h.Begin(); err != nil {
		s.fail("begin: %v", err)
	}
	s.open, s.tid, s.base, s.work = true, s.m.last, s.m.now, s.m.now.clone()
	s.read = map[int]bool{}
	loaded := 0
	for _, e := range s.h.cache.table {
		if !e.isGhost() {
			loaded++
		}
	}
	if loaded != s.h.Loaded() || loaded > s.h.cache.limit {
		s.fail("%d entities are loaded, %d counted, limit %d", loaded, s.h.Loaded(), s.h.cache.limit)
	}
	if s.h.Snapshot() != s.tid {
		s.fail("snapshot %d, want %d", s.h.Snapshot(), s.tid)
	}
}

func (s *session) commit() {
	changed := map[int]bool{}
	for id, n := range s.base {
		if now := s.work[id]; !slices.Equal(n.keys, now.keys) || !slices.Equal(n.vals, now.vals) {
			changed[id] = true
		}
	}
	refused := false
	if len(changed) > 0 {
		for id := range s.base {
			if (s.read[id] || changed[id]) && s.m.version[id] > s.tid {
				refused = true
			}
		}
	}
	s.note("commit, %d changed, refused %v", len(changed), refused)
	tid, err := s.h.Commit(CommitRequest{})
	s.open = false
	var c *store.ConflictError
	switch {
	case refused:
		if !errors.As(err, &c) {
			s.fail("commit gave %v, want a conflict", err)
		}
	case err != nil:
		s.fail("commit: %v", err)
	case len(changed) == 0:
		if tid != s.tid {
			s.fail("a reader committed tid %d", tid)
		}
	default:
		if s.m.last++; tid != s.m.last {
			s.fail("committed tid %d, want %d", tid, s.m.last)
		}
		now := maps.Clone(s.m.now)
		for id := range s.base.reach(s.work, changed) {
			now[id] = s.work[id]
			s.m.version[id] = tid
		}
		s.m.now = now
	}
}

// reach gives what a commit stores: what changed, and new nodes reachable from it.
func (s state) reach(work state, changed map[int]bool) map[int]bool {
	out := maps.Clone(changed)
	var visit func(id int)
	visit = func(id int) {
		for _, v := range work[id].vals {
			if v.id != 0 && s[v.id] == nil && !out[v.id] {
				out[v.id] = true
				visit(v.id)
			}
		}
	}
	for id := range changed {
		visit(id)
	}
	return out
}

func (s *session) abort() {
	s.note("abort")
	s.h.Abort()
	s.open = false
}

func (s *session) check(err error) {
	s.t.Helper()
	if err != nil {
		s.fail("%v", err)
	}
}

// walk goes a random way from the roots and gives a node both as an entity and
// as an id, or the roots.
func (s *session) walk() (*Entity, int) {
	roots, err := s.h.roots()
	s.check(err)
	e, id := &roots.Entity, rootsID
	for steps := 1 + s.rng.IntN(4); steps > 0; steps-- {
		s.check(s.h.Read(e))
		s.read[id] = true
		n := s.work[id]
		var refs []int
		for i, v := range n.vals {
			if v.id != 0 {
				refs = append(refs, i)
			}
		}
		if len(refs) == 0 {
			break
		}
		at := refs[s.rng.IntN(len(refs))]
		v, want := s.valueAt(e, n, at), n.vals[at]
		if want.pair {
			v = v.Tuple()[1]
		}
		if v.Kind() != s.work[want.id].kind {
			s.fail("found a %s, want a %s", v.Kind(), s.work[want.id].kind)
		}
		e, id = v.Entity(), want.id
	}
	return e, id
}

func (s *session) valueAt(e *Entity, n *node, at int) Value {
	switch v := e.value(); e.kind {
	case KindObject:
		if i := v.Object().Shape.Find(Intern(n.keys[at])); i >= 0 {
			return v.Object().Slots[i]
		}
	case KindList:
		if at < len(v.List().Items) {
			return v.List().Items[at]
		}
	case KindDict:
		if v, ok, err := v.Dict().Get(NewStr(n.keys[at])); err == nil && ok {
			return v
		}
	}
	s.fail("element %d of a %s is missing", at, e.kind)
	return Value{}
}

func source(n int64) string { return fmt.Sprintf("def m(self): return %d", n) }

// value makes a random value of both worlds.
func (s *session) value() (Value, val) {
	make := func(k Kind, v Value) (Value, val) {
		s.m.nextID++
		s.work[s.m.nextID] = &node{kind: k}
		return v, val{id: s.m.nextID}
	}
	n := s.rng.Int64N(4)
	switch s.rng.IntN(9) {
	case 0:
		return make(KindObject, s.h.NewObject().Value())
	case 1:
		return make(KindList, s.h.NewList(nil).Value())
	case 2:
		return make(KindDict, s.h.NewDict().Value())
	case 3, 4:
		return NewMethod(source(n), nil), val{n: n, method: true}
	case 5:
		if e, id := s.walk(); id != rootsID {
			return e.value(), val{id: id}
		}
	case 6:
		if e, id := s.walk(); id != rootsID {
			return NewTuple([]Value{Int(n), e.value()}), val{n: n, id: id, pair: true}
		}
	}
	return Int(n), val{n: n}
}

var slotNames = []string{"a", "b", "c", "d", "p*", "q*"}

// step does one random operation on the object, list or dict that a walk ends at.
func (s *session) step() {
	e, id := s.walk()
	n := s.work[id]
	s.read[id] = true
	if id == rootsID {
		if s.rng.IntN(8) > 0 {
			return
		}
		name := string('r' + rune(s.rng.IntN(4)))
		s.note("bind root %s", name)
		o := s.h.NewObject()
		s.m.nextID++
		s.work[s.m.nextID] = &node{kind: KindObject}
		n.put(name, val{id: s.m.nextID})
		s.check(s.h.SetRoot(name, o))
		return
	}
	switch v := e.value(); e.kind {
	case KindObject:
		s.stepObject(v.Object(), id, n)
	case KindList:
		s.check(s.h.Change(e))
		l := v.List()
		if len(l.Items) > 0 && s.rng.IntN(3) == 0 {
			s.note("pop from %d", id)
			l.Items, n.vals = l.Items[:len(l.Items)-1], n.vals[:len(n.vals)-1]
			break
		}
		item, mine := s.value()
		s.note("append %v to %d", mine, id)
		l.Items, n.vals = append(l.Items, item), append(n.vals, mine)
	case KindDict:
		s.check(s.h.Change(e))
		key := slotNames[s.rng.IntN(len(slotNames))]
		if n.find(key) >= 0 && s.rng.IntN(2) == 0 {
			s.note("delete %s from %d", key, id)
			_, _, err := v.Dict().Delete(NewStr(key))
			s.check(err)
			n.remove(key)
			break
		}
		item, mine := s.value()
		s.note("set %s of %d to %v", key, id, mine)
		s.check(v.Dict().Set(NewStr(key), item))
		n.put(key, mine)
	}
}

func (s *session) stepObject(o *Object, id int, n *node) {
	name := slotNames[s.rng.IntN(len(slotNames))]
	symbol := Intern(name)
	switch s.rng.IntN(9) {
	case 0, 1, 2, 3, 4:
		s.lookup(o, id, slotNames[s.rng.IntN(4)])
	case 5:
		s.note("remove %s of %d", name, id)
		err := s.h.RemoveSlot(o, symbol)
		if n.find(name) < 0 {
			if !errors.Is(err, ErrNoSuchSlot) {
				s.fail("removed a slot that is not there: %v", err)
			}
			return
		}
		s.check(err)
		n.remove(name)
	case 6:
		copied, err := s.h.Clone(o)
		s.check(err)
		s.m.nextID++
		s.work[s.m.nextID] = &node{KindObject, slices.Clone(n.keys), slices.Clone(n.vals)}
		s.note("clone %d as %d into a of it", id, s.m.nextID)
		n.put("a", val{id: s.m.nextID})
		s.check(s.h.SetSlot(o, Intern("a"), copied.Value()))
	default:
		item, mine := s.value()
		if symbol.IsParent() && s.rng.IntN(4) > 0 {
			if e, at := s.walk(); at != rootsID {
				item, mine = e.value(), val{id: at}
			}
		}
		s.note("set %s of %d to %v", name, id, mine)
		err := s.h.SetSlot(o, symbol, item)
		if !symbol.IsParent() {
			s.check(err)
			n.put(name, mine)
			return
		}
		switch {
		case mine.id == 0 || mine.pair || s.work[mine.id].kind == KindDict,
			s.work[mine.id].kind == KindList && !s.allObjects(mine.id):
			if !errors.Is(err, ErrNotAParent) {
				s.fail("parent slot took %v: %v", mine, err)
			}
		case s.work[mine.id].kind == KindList:
			// The list is kept as a tuple, which the model has no form for.
			s.read[mine.id] = true
			if len(s.work[mine.id].vals) == 0 {
				s.check(err)
				s.check(s.h.RemoveSlot(o, symbol))
				if n.find(name) >= 0 {
					n.remove(name)
				}
				return
			}
			s.abort()
			s.begin()
		case s.delegates(mine.id, id):
			if !errors.Is(err, ErrCycle) {
				s.fail("a cycle was made: %v", err)
			}
		default:
			s.check(err)
			n.put(name, mine)
		}
	}
}

func (s *session) allObjects(list int) bool {
	s.read[list] = true
	for _, v := range s.work[list].vals {
		if v.id == 0 || v.pair || s.work[v.id].kind != KindObject {
			return false
		}
	}
	return true
}

func (s *session) parents(id int) (ids []int) {
	n := s.work[id]
	for i, key := range n.keys {
		if strings.HasSuffix(key, "*") && n.kind == KindObject {
			ids = append(ids, n.vals[i].id)
		}
	}
	return ids
}

func (s *session) delegates(from, to int) bool {
	seen := []int{from}
	for i := 0; i < len(seen); i++ {
		if seen[i] == to {
			return true
		}
		s.read[seen[i]] = true
		for _, p := range s.parents(seen[i]) {
			if !slices.Contains(seen, p) {
				seen = append(seen, p)
			}
		}
	}
	return false
}

// lookup finds a slot by the heap, by an inline cache and by the model.
func (s *session) lookup(o *Object, id int, name string) {
	s.note("look up %s from %d", name, id)
	seen := map[int]bool{}
	var search func(id int) (int, val, bool)
	search = func(id int) (int, val, bool) {
		for _, p := range s.parents(id) {
			if seen[p] {
				continue
			}
			seen[p], s.read[p] = true, true
			if i := s.work[p].find(name); i >= 0 {
				return p, s.work[p].vals[i], true
			}
			if holder, v, ok := search(p); ok {
				return holder, v, ok
			}
		}
		return 0, val{}, false
	}
	holder, want, found := id, val{}, false
	if i := s.work[id].find(name); i >= 0 {
		want, found = s.work[id].vals[i], true
	} else {
		holder, want, found = search(id)
	}

	s.check(s.h.Read(&o.Entity))
	key := cacheKey{o.Shape, name}
	c := s.caches[key]
	usable := false
	if c != nil {
		if usable = c.stamp == s.h.Stamp(); !usable && c.epoch == s.h.Epoch() {
			fresh, err := s.h.RecordReads(c.walked)
			s.check(err)
			usable = fresh
			c.stamp = s.h.Stamp()
		}
	}
	var walked []*Object
	hit, ok, err := s.h.Lookup(o, Intern(name), &walked)
	s.check(err)
	if ok != found {
		s.fail("found %v, want %v", ok, found)
	}
	if !ok {
		return
	}
	if (hit.Holder == o) != (holder == id) {
		s.fail("found in another object than %d", holder)
	}
	if !s.agrees(hit.Value, want) {
		s.fail("found a %s, want %v in %d", hit.Value.Kind(), want, holder)
	}
	if usable {
		at := c.holder
		if at == nil {
			at = o
		}
		if at != hit.Holder || c.index != hit.Index {
			s.fail("the inline cache is stale")
		}
		if hit.Value.Kind() == KindMethod && at != o && c.source != hit.Value.Method().Source {
			s.fail("the inline cache has a stale method")
		}
		return
	}
	c = &cached{stamp: s.h.Stamp(), epoch: s.h.Epoch(), walked: walked, index: hit.Index}
	if hit.Holder != o {
		c.holder = hit.Holder
	}
	if hit.Value.Kind() == KindMethod {
		c.source = hit.Value.Method().Source
	}
	s.caches[key] = c
}

func (s *session) agrees(v Value, want val) bool {
	switch {
	case want.method:
		return v.Kind() == KindMethod && v.Method().Source == source(want.n)
	case want.pair:
		return v.Kind() == KindTuple && v.Tuple()[0].AsInt() == want.n && v.Tuple()[1].Kind() == s.work[want.id].kind
	case want.id != 0:
		return v.Kind() == s.work[want.id].kind
	}
	return v.IsInt() && v.AsInt() == want.n
}

// compare walks all of the image and all of the model, and pairs them off.
func (s *session) compare() {
	s.note("compare")
	roots, err := s.h.roots()
	s.check(err)
	ids := map[*Entity]int{&roots.Entity: rootsID}
	entities := map[int]*Entity{rootsID: &roots.Entity}
	todo := []*Entity{&roots.Entity}
	pair := func(v Value, want val) {
		if !s.agrees(v, want) {
			s.fail("found a %s, want %v", v.Kind(), want)
		}
		if want.id == 0 {
			return
		}
		if want.pair {
			v = v.Tuple()[1]
		}
		e := v.Entity()
		id, known := ids[e]
		other := entities[want.id]
		if known && id != want.id || other != nil && other != e {
			s.fail("identity of %d is lost", want.id)
		}
		if !known {
			ids[e], entities[want.id] = want.id, e
			todo = append(todo, e)
		}
	}
	for len(todo) > 0 {
		e := todo[0]
		todo = todo[1:]
		s.check(s.h.Read(e))
		n := s.work[ids[e]]
		s.read[ids[e]] = true
		var keys []string
		count := 0
		switch v := e.value(); e.kind {
		case KindObject:
			for _, name := range v.Object().Shape.Names() {
				keys = append(keys, name.String())
			}
			count = len(v.Object().Slots)
		case KindList:
			count = len(v.List().Items)
		case KindDict:
			for k, _, at, ok := v.Dict().Next(0); ok; k, _, at, ok = v.Dict().Next(at + 1) {
				keys = append(keys, k.Str())
			}
			count = v.Dict().Len()
		}
		if !slices.Equal(keys, n.keys) || count != len(n.vals) {
			s.fail("%d has %v, %d elements, want %v, %d", ids[e], keys, count, n.keys, len(n.vals))
		}
		for i, want := range n.vals {
			pair(s.valueAt(e, n, i), want)
		}
	}
}

var histories = flag.Uint64("histories", 400, "random histories to run with each size of cache")

// TestHistories runs the same random histories with caches of several sizes.
func TestHistories(t *testing.T) {
	for _, size := range []int{1, 5, 1000} {
		t.Run(fmt.Sprintf("cache %d", size), func(t *testing.T) {
			for seed := range *histories {
				st := newMemStore()
				runHistory(t, seed, size, func() store.Store { return st })
				for tid, n := range st.held {
					if n != 0 {
						t.Fatalf("seed %d: tid %d is still held", seed, tid)
					}
				}
			}
		})
	}
}

// TestHistoriesOnPebble closes and opens the real store in between.
func TestHistoriesOnPebble(t *testing.T) {
	for seed := range max(1, *histories/40) {
		disk := vfs.NewMem()
		runHistory(t, seed, 20, func() store.Store {
			s, err := pebble.Open("image", pebble.Options{FS: disk, CacheBytes: 1 << 20, MemTableBytes: 1 << 20, Reserve: 1})
			ok(t, err)
			return s
		})
	}
}

// found makes a first image: r delegates to s, and s to t, each with some
// methods, and a clone of r as root u.
func (s *session) found() {
	s.begin()
	make := func(name string, o *Object, n *node) {
		s.m.nextID++
		s.work[s.m.nextID] = n
		s.work[rootsID].put(name, val{id: s.m.nextID})
		s.check(s.h.SetRoot(name, o))
	}
	var above *Object
	for i, name := range []string{"t", "s", "r"} {
		o, n := s.h.NewObject(), &node{kind: KindObject}
		for j, slot := range []string{"a", "b", "c", "d"} {
			if s.rng.IntN(2) == 0 {
				n.put(slot, val{n: int64(i + j), method: true})
				s.check(s.h.SetSlot(o, Intern(slot), NewMethod(source(int64(i+j)), nil)))
			}
		}
		if above != nil {
			n.put("p*", val{id: s.m.nextID})
			s.check(s.h.SetSlot(o, Intern("p*"), above.Value()))
		}
		make(name, o, n)
		above = o
	}
	copied, err := s.h.Clone(above)
	s.check(err)
	n := s.work[s.m.nextID]
	make("u", copied, &node{KindObject, slices.Clone(n.keys), slices.Clone(n.vals)})
	s.commit()
}

func runHistory(t *testing.T, seed uint64, size int, openStore func() store.Store) {
	rng := rand.New(rand.NewPCG(seed, 1))
	st := openStore()
	openImage := func() *Image {
		img := open(t, st, Options{CacheObjects: size})
		img.chunkRows = 1 + int(seed%4) // so that small containers come in chunks
		return img
	}
	img := openImage()
	m := &model{now: state{rootsID: {kind: KindObject}}, version: map[int]store.TID{}}
	var history []string
	sessions := make([]*session, 2)
	renew := func(i int) {
		sessions[i] = &session{t: t, rng: rng, m: m, h: img.NewHeap(), history: &history, caches: map[cacheKey]*cached{}}
	}
	renew(0)
	renew(1)
	sessions[0].found()
	for range 200 {
		i := rng.IntN(2)
		s := sessions[i]
		switch n := rng.IntN(40); {
		case !s.open && !sessions[1-i].open && n < 5:
			s.note("reopen the store")
			sessions[0].h.Close()
			sessions[1].h.Close()
			ok(t, st.Close())
			st = openStore()
			img = openImage()
			renew(0)
			renew(1)
		case !s.open && n < 3:
			s.note("reopen")
			s.h.Close()
			renew(i)
		case !s.open:
			s.begin()
		case n < 9:
			s.commit()
		case n < 13:
			s.abort()
		case n < 15:
			s.compare()
		default:
			s.step()
		}
	}
	for _, s := range sessions {
		if s.open {
			s.abort()
		}
		s.begin()
		s.compare()
		s.abort()
		s.h.Close()
	}
	ok(t, st.Close())
}
