package image

// table is the ordered hash table beneath dicts and sets: entries in insertion
// order, and an open-addressing index of positions in them, as in CPython's
// compact dict. A removed entry keeps its place with an absent key until the
// next rebuild, so positions stay valid for iterators between rebuilds.
type table struct {
	entries []entry
	index   []int32 // position+1 in entries, 0 for free; length a power of two; nil while small
	live    int
	rebuilt uint32 // counts rebuilds, which move positions
}

type entry struct {
	hash     uint64
	key, val Value
}

// smallTable is the number of entries up to which a table is searched in order.
const smallTable = 8

func (t *table) find(key Value, hash uint64) (int, error) {
	if t.index == nil {
		for i := range t.entries {
			e := &t.entries[i]
			if e.hash == hash && !e.key.Absent() {
				if same, err := sameKey(e.key, key); err != nil || same {
					return i, err
				}
			}
		}
		return -1, nil
	}
	mask := uint64(len(t.index) - 1)
	for slot, step := hash&mask, uint64(1); ; slot, step = (slot+step)&mask, step+1 {
		n := t.index[slot]
		if n == 0 {
			return -1, nil
		}
		e := &t.entries[n-1]
		if e.hash == hash && !e.key.Absent() {
			if same, err := sameKey(e.key, key); err != nil || same {
				return int(n - 1), err
			}
		}
	}
}

func sameKey(a, b Value) (bool, error) {
	if a.Same(b) {
		return true, nil
	}
	return Equal(a, b)
}

func (t *table) get(key Value) (Value, bool, error) {
	if t.live == 0 {
		// An unhashable key is an error even in an empty table.
		_, err := Hash(key)
		return Value{}, false, err
	}
	hash, err := Hash(key)
	if err != nil {
		return Value{}, false, err
	}
	i, err := t.find(key, hash)
	if err != nil || i < 0 {
		return Value{}, false, err
	}
	return t.entries[i].val, true, nil
}

func (t *table) set(key, val Value) error {
	hash, err := Hash(key)
	if err != nil {
		return err
	}
	i, err := t.find(key, hash)
	if err != nil {
		return err
	}
	if i >= 0 {
		t.entries[i].val = val
		return nil
	}
	t.entries = append(t.entries, entry{hash, key, val})
	t.live++
	n := len(t.entries)
	switch {
	case t.index == nil && n > smallTable, t.index != nil && n*4 > len(t.index)*3:
		t.rebuild()
	case t.index != nil:
		t.place(hash, int32(n))
	}
	return nil
}

func (t *table) delete(key Value) (Value, bool, error) {
	hash, err := Hash(key)
	if err != nil {
		return Value{}, false, err
	}
	i, err := t.find(key, hash)
	if err != nil || i < 0 {
		return Value{}, false, err
	}
	val := t.entries[i].val
	t.entries[i].key, t.entries[i].val = Value{}, Value{}
	t.live--
	if t.live == 0 {
		t.clear()
	} else if len(t.entries) > 2*t.live+smallTable {
		t.rebuild()
	}
	return val, true, nil
}

func (t *table) clear() {
	t.entries, t.index, t.live = nil, nil, 0
	t.rebuilt++
}

func (t *table) place(hash uint64, position int32) {
	mask := uint64(len(t.index) - 1)
	for slot, step := hash&mask, uint64(1); ; slot, step = (slot+step)&mask, step+1 {
		if t.index[slot] == 0 {
			t.index[slot] = position
			return
		}
	}
}

// rebuild drops removed entries and makes the index anew, large enough for the
// live entries to double.
func (t *table) rebuild() {
	if t.live < len(t.entries) {
		kept := t.entries[:0]
		for _, e := range t.entries {
			if !e.key.Absent() {
				kept = append(kept, e)
			}
		}
		clear(t.entries[len(kept):])
		t.entries = kept
		t.rebuilt++
	}
	if len(t.entries) <= smallTable {
		t.index = nil
		return
	}
	size := 16
	for size*3 < t.live*2*4 {
		size *= 2
	}
	t.index = make([]int32, size)
	for i := range t.entries {
		t.place(t.entries[i].hash, int32(i+1))
	}
}

func (t *table) next(position int) (int, bool) {
	for ; position < len(t.entries); position++ {
		if !t.entries[position].key.Absent() {
			return position, true
		}
	}
	return position, false
}

// Dict is a mutable mapping with identity, in insertion order. The caller has
// made the entity readable or writable first (see Entity).
type Dict struct {
	Entity
	owner
	stored []chunk
	t      table
}

// Len is the number of entries.
func (d *Dict) Len() int { return d.t.live }

// Get finds the value of a key. The error is *UnhashableError or ErrTooDeep.
func (d *Dict) Get(key Value) (Value, bool, error) { return d.t.get(key) }

// Set adds or replaces an entry; a replaced entry keeps its key and place.
func (d *Dict) Set(key, val Value) error { return d.t.set(key, val) }

// Delete removes an entry and returns its value.
func (d *Dict) Delete(key Value) (Value, bool, error) { return d.t.delete(key) }

// Clear removes everything.
func (d *Dict) Clear() { d.t.clear() }

// Next finds the first entry at or after position, which starts at 0; go on
// with the returned position plus one.
func (d *Dict) Next(position int) (key, val Value, at int, ok bool) {
	if at, ok = d.t.next(position); ok {
		key, val = d.t.entries[at].key, d.t.entries[at].val
	}
	return
}

// Previous finds the last entry at or before position (start at Positions()-1).
func (d *Dict) Previous(position int) (key, val Value, at int, ok bool) {
	for ; position >= 0; position-- {
		if e := &d.t.entries[position]; !e.key.Absent() {
			return e.key, e.val, position, true
		}
	}
	return Value{}, Value{}, -1, false
}

// Positions bounds the positions that Next and Previous walk over.
func (d *Dict) Positions() int { return len(d.t.entries) }

// Rebuilt changes when positions have moved, which ends an iteration.
func (d *Dict) Rebuilt() uint32 { return d.t.rebuilt }

// Set is a set with identity, in insertion order; with flagFrozen it is an
// immutable frozenset (KindFrozenSet).
type Set struct {
	Entity
	owner
	stored []chunk
	t      table
}

// Len is the number of members.
func (s *Set) Len() int { return s.t.live }

// Has says whether key is a member.
func (s *Set) Has(key Value) (bool, error) { _, ok, err := s.t.get(key); return ok, err }

// Add adds a member; one that is there already stays as it is.
func (s *Set) Add(key Value) error { return s.t.set(key, None()) }

// Delete removes a member and says whether it was there.
func (s *Set) Delete(key Value) (bool, error) { _, ok, err := s.t.delete(key); return ok, err }

// Clear removes everything.
func (s *Set) Clear() { s.t.clear() }

// Next finds the first member at or after position; see Dict.Next.
func (s *Set) Next(position int) (key Value, at int, ok bool) {
	if at, ok = s.t.next(position); ok {
		key = s.t.entries[at].key
	}
	return
}

// Rebuilt changes when positions have moved, which ends an iteration.
func (s *Set) Rebuilt() uint32 { return s.t.rebuilt }
