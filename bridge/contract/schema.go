package contract

import _ "embed"

// Schema is the JSON Schema (draft 2020-12) of version 1's frames in their JSON
// form, made from this package's types by its tests (go test -update).
//
//go:embed contract.json
var Schema []byte
