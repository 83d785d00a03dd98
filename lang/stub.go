package lang

func excText(e *Exception) string                      { return "" }
func raise(class *Type, format string, a ...any) error { return nil }
