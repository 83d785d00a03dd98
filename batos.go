// Package batos embeds a living image in a Go program. It is a façade: it puts
// the store, the image and the machine together as `bat up` does, without
// sockets or a page.
//
// What must hold: one process has an image open at a time (ErrLocked
// otherwise), and Close is called; a program that dies without it loses nothing
// that was acknowledged.
package batos

import (
	"context"
	"errors"
	"fmt"

	"batos/store/pebble"
	"batos/uvm"
)

// Options of Open. Zero fields take the defaults.
type Options struct {
	Create  bool   // make the image when there is none
	Workers int    // messages that run at once; one a core and one more, at least 3
	Version string // of the program, for Stats
	Log     func(format string, arguments ...any)
}

// Image is an open image. Its methods are safe for concurrent use.
type Image struct {
	store   *pebble.Store
	machine *uvm.Machine
	id      string
	awoke   bool
}

// Open opens the image in a directory. A new one is awakened: the primordial
// objects are made. The errors of package store are among the error's causes.
func Open(dir string, o Options) (*Image, error) {
	s, err := pebble.Open(dir, pebble.Options{MustExist: !o.Create})
	if err != nil {
		return nil, err
	}
	img := &Image{store: s, id: s.Manifest().Image}
	img.machine, err = uvm.Open(s, uvm.Options{Workers: o.Workers, Version: o.Version, Image: img.id, Log: o.Log})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if img.awoke, err = img.machine.Awaken(context.Background()); err != nil {
		err = fmt.Errorf("awakening: %w", err)
		return nil, errors.Join(err, img.Close(context.Background()))
	}
	return img, nil
}

// Awoke says whether this Open made the primordial objects.
func (i *Image) Awoke() bool { return i.awoke }

// ID names the image for ever.
func (i *Image) ID() string { return i.id }

// Machine runs messages on the image.
func (i *Image) Machine() *uvm.Machine { return i.machine }

// Send sends one message and waits for its value; see uvm.Request for what a
// message can be told.
func (i *Image) Send(ctx context.Context, target any, selector string, args ...any) (any, error) {
	r := i.machine.Send(ctx, uvm.Request{Target: target, Selector: selector, Args: args})
	if r.Err != nil {
		return nil, r.Err
	}
	return r.Value, nil
}

// Close lets running messages finish, for 10 s or until ctx ends, and makes
// everything durable.
func (i *Image) Close(ctx context.Context) error {
	return errors.Join(i.machine.Close(ctx), i.store.Close())
}
