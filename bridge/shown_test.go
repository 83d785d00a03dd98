package bridge_test

import (
	"fmt"
	"strings"
	"testing"

	"batos/bridge/client"
	"batos/bridge/contract"
	"batos/image"
)

// Values that no frame holds, in slots that everything reaches, do not hide the
// rest from who looks at the image; only who asks for such a value is refused.
func TestOddValuesDoNotHideTheOthers(t *testing.T) {
	l := awaken(t, t.TempDir())
	defer l.sleep()
	c := l.connect(client.Options{Client: "author", OnEvent: func(*contract.Event) {}})
	ask(t, c, "eval", &contract.Eval{Code: `
o = self.clone()
d = {}
d['me'] = d
o.within = d
n = []
for i in range(70):
    n = [n]
o.deep = n
o.fits = n[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]
o.text = 'x' * 17000000
o.plain = 42
self.odd = o
`}, nil)
	odd := contract.Of("genesis_obj.odd")
	check := func(how string, slots map[string]contract.SlotState) {
		t.Helper()
		if slots["plain"].Value != int64(42) {
			t.Errorf("%s: plain is %v", how, slots["plain"].Value)
		}
		for _, name := range []string{"within", "deep", "text"} {
			m, _ := slots[name].Value.(*image.Map)
			if m == nil || len(m.Entries) != 1 || m.Entries[0].Key != "$repr" {
				t.Errorf("%s: %s is %.100v", how, name, slots[name].Value)
			}
		}
		if _, whole := slots["fits"].Value.([]any); !whole {
			t.Errorf("%s: fits is %v", how, slots["fits"].Value)
		}
	}
	var shown contract.Inspection
	ask(t, c, "inspect", &contract.Inspect{Object: odd}, &shown)
	slots := map[string]contract.SlotState{}
	for _, s := range shown.Slots {
		slots[s.Name] = s.SlotState
	}
	check("inspect", slots)
	var state contract.FullState
	ask(t, c, "get_full_state", &contract.GetFullState{}, &state)
	check("get_full_state", state.Objects[fmt.Sprint(uint64(shown.OID))].Slots)
	ask(t, c, "watch", &contract.Watch{All: true}, &state)
	check("watch all", state.Objects[fmt.Sprint(uint64(shown.OID))].Slots)
	ask(t, c, "watch", &contract.Watch{Targets: []contract.Target{{Object: "genesis_obj.odd"}}}, &state)
	check("watch", state.Objects[fmt.Sprint(uint64(shown.OID))].Slots)

	for code, want := range map[string]contract.Code{
		"self.odd.within": contract.CodeMethodError,
		"self.odd.deep":   contract.CodeMethodError,
		"self.odd.text":   contract.CodeTooLarge,
	} {
		_, err := c.Ask(t.Context(), "eval", &contract.Eval{Code: code}, nil)
		if bad, ok := err.(*contract.Error); !ok || bad.Code != want || !strings.Contains(bad.Message, "ask for ") {
			t.Errorf("%s: %v, want %s", code, err, want)
		}
	}
}
