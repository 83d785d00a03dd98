// Command bundle makes world/web/dist of world/web/src with esbuild's Go API.
// go generate ./world runs it; it needs neither Node nor a network.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := write("web"); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

// write bundles into DIR/dist.
func write(dir string) error {
	files, err := build(dir)
	if err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, "dist", name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// build gives the files of the bundle of DIR/src by name. Equal sources give
// equal bytes.
func build(dir string) (map[string][]byte, error) {
	src, err := filepath.Abs(filepath.Join(dir, "src"))
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{filepath.Join(src, "app.ts"), filepath.Join(src, "app.css")},
		AbsWorkingDir:     src,
		Outdir:            src,
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		LegalComments:     api.LegalCommentsNone,
		TsconfigRaw:       `{"compilerOptions": {"strict": true, "useDefineForClassFields": true}}`,
		LogLevel:          api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		var errs []error
		for _, text := range api.FormatMessages(result.Errors, api.FormatMessagesOptions{}) {
			errs = append(errs, errors.New(text))
		}
		return nil, errors.Join(errs...)
	}
	files := map[string][]byte{}
	for _, out := range result.OutputFiles {
		files[filepath.Base(out.Path)] = out.Contents
	}
	for _, name := range []string{"index.html", "icon.svg"} {
		content, err := os.ReadFile(filepath.Join(src, name))
		if err != nil {
			return nil, err
		}
		files[name] = content
	}
	return files, nil
}
