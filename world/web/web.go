// Package web holds the page of the Entropic UI: src has its sources in
// TypeScript, dist what the bundler makes of them. dist is checked in and
// embedded, so that nobody needs a JavaScript toolchain to build the program; a
// test checks that it is what the sources give.
//
// Entry points of the sources: src/app.ts puts the page together, src/image.ts
// is the page's copy of the objects, src/plane.ts draws the morphs.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"strings"
)

//go:embed dist/index.html dist/app.js dist/app.css dist/icon.svg
var dist embed.FS

// kinds are the files of the bundle, with their media types.
var kinds = map[string]string{
	"app.js":   "text/javascript; charset=utf-8",
	"app.css":  "text/css; charset=utf-8",
	"icon.svg": "image/svg+xml",
}

var (
	version = versionOf()
	page    = []byte(strings.ReplaceAll(string(read("index.html")), "{{version}}", version))
)

// read gives an embedded file, which is there or the program does not build.
func read(name string) []byte {
	b, err := dist.ReadFile("dist/" + name)
	if err != nil {
		panic(err)
	}
	return b
}

func versionOf() string {
	h := sha256.New()
	for _, name := range []string{"app.js", "app.css", "icon.svg"} {
		h.Write(read(name))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Version names the bundle: it changes when a file of it does.
func Version() string { return version }

// Page gives the page's HTML, which refers to assets as assets/VERSION/NAME.
func Page() []byte { return page }

// Asset gives a file of the bundle and its media type.
func Asset(name string) (content []byte, kind string, ok bool) {
	kind, ok = kinds[name]
	if !ok {
		return nil, "", false
	}
	return read(name), kind, true
}
