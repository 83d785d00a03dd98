package main

import (
	"math/big"
	"strconv"
	"strings"

	"batos/bridge/contract"
	"batos/image"
	"batos/lang/syntax"
)

// literal reads an argument: a JSON or Python literal, "@42", else plain text.
func literal(text string) any {
	if oid, ok := strings.CutPrefix(text, "@"); ok {
		if n, err := strconv.ParseUint(oid, 10, 63); err == nil && n > 0 {
			return image.Ref(n)
		}
	}
	if v, err := contract.DecodeJSON([]byte(text)); err == nil {
		return v
	}
	if body, err := syntax.ParseBody(text); err == nil && len(body.Stmts) == 1 {
		if x, ok := body.Stmts[0].(*syntax.ExprStmt); ok {
			if v, ok := constant(x.X); ok {
				return v
			}
		}
	}
	return text
}

// constant evaluates an expression that is a literal, as Python's
// ast.literal_eval does.
func constant(x syntax.Expr) (any, bool) {
	switch x := x.(type) {
	case *syntax.NoneLit:
		return nil, true
	case *syntax.BoolLit:
		return x.Value, true
	case *syntax.IntLit:
		n, ok := new(big.Int).SetString(x.Text, 0)
		if !ok {
			return nil, false
		}
		return integer(n), true
	case *syntax.FloatLit:
		return x.Value, true
	case *syntax.StrLit:
		return x.Value, true
	case *syntax.BytesLit:
		return []byte(x.Value), true
	case *syntax.Unary:
		return signed(x)
	case *syntax.List:
		return constants(x.Items)
	case *syntax.Tuple:
		return constants(x.Items)
	case *syntax.Set:
		items, ok := constants(x.Items)
		if !ok {
			return nil, false
		}
		return image.PlainSet(items.([]any)), true
	case *syntax.Dict:
		m := &image.Map{}
		for i := range x.Keys {
			if x.Keys[i] == nil {
				return nil, false
			}
			k, okKey := constant(x.Keys[i])
			v, okValue := constant(x.Values[i])
			if !okKey || !okValue {
				return nil, false
			}
			m.Entries = append(m.Entries, image.MapEntry{Key: k, Value: v})
		}
		return m, true
	}
	return nil, false
}

func constants(items []syntax.Expr) (any, bool) {
	list := make([]any, 0, len(items))
	for _, item := range items {
		v, ok := constant(item)
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
	return list, true
}

func signed(x *syntax.Unary) (any, bool) {
	v, ok := constant(x.X)
	if !ok || x.Op != syntax.Neg && x.Op != syntax.Plus {
		return nil, false
	}
	if x.Op == syntax.Plus {
		switch v.(type) {
		case int64, float64, *big.Int:
			return v, true
		}
		return nil, false
	}
	switch v := v.(type) {
	case int64:
		return integer(new(big.Int).Neg(big.NewInt(v))), true
	case *big.Int:
		return integer(new(big.Int).Neg(v)), true
	case float64:
		return -v, true
	}
	return nil, false
}

// integer gives an int64 where it fits, as plain values want it.
func integer(n *big.Int) any {
	if n.IsInt64() {
		return n.Int64()
	}
	return n
}
