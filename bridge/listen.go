package bridge

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"batos/bridge/contract"
	"batos/bridge/wire"
	"batos/bridge/zmtp"
)

// ListenZMQ serves ZeroMQ clients (DEALER and REQ) at an address like
// tcp://127.0.0.1:5555; port 0 takes a free one, which bound tells. Addresses
// beyond loopback are refused: there is no encryption to protect them.
func (s *Server) ListenZMQ(addr string) (bound string, err error) {
	address, ok := strings.CutPrefix(addr, "tcp://")
	if !ok {
		return "", fmt.Errorf("listening for ZeroMQ: %q is no address; write tcp://127.0.0.1:5555", addr)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return "", fmt.Errorf("listening for ZeroMQ at %s: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("listening for ZeroMQ at %s: beyond this machine ZeroMQ needs CURVE keys, which this version does not have; use tcp://127.0.0.1:PORT, through an SSH tunnel from elsewhere", addr)
	}
	l, err := zmtp.Listen(addr, zmtp.Options{MaxFrame: contract.MaxFrame})
	if err != nil {
		return "", fmt.Errorf("listening for ZeroMQ at %s: %w", addr, err)
	}
	err = s.listen(l, func() error {
		return l.Serve(s.ctx, func(conn *zmtp.Conn) {
			z := wire.OverZeroMQ(conn)
			s.serve(s.ctx, &connection{wire: z, rights: contract.AllRights, lenient: true, mute: z.Strict()})
		})
	})
	return l.Addr(), err
}

// ListenUnix serves clients at a Unix socket, which only the user who runs the
// program can reach. The socket that a killed program left behind is replaced;
// one that is answered is not.
func (s *Server) ListenUnix(path string) error {
	if probe, err := net.DialTimeout("unix", path, time.Second); err == nil {
		probe.Close()
		return fmt.Errorf("listening at %s: another program serves it; stop that one first", path)
	}
	l, err := listenPrivately(path)
	if err != nil {
		return fmt.Errorf("listening at %s: %w", path, err)
	}
	return s.listen(&unixSocket{l, path}, func() error {
		for {
			c, err := l.Accept()
			switch {
			case err == nil:
				go s.ServeConn(s.ctx, c) // which counts itself in and out
			case errors.Is(err, net.ErrClosed):
				return nil
			default:
				// Out of file descriptors: others may get in a little later.
				select {
				case <-s.ctx.Done():
					return nil
				case <-time.After(10 * time.Millisecond):
				}
			}
		}
	})
}

// listenPrivately makes the socket in a directory of its own and moves it to
// its place when its mode is right, so that nobody else can connect meanwhile.
func listenPrivately(path string) (*net.UnixListener, error) {
	dir := filepath.Join(filepath.Dir(path), ".b"+strings.ToLower(rand.Text()[:5]))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	made := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return nil, err
	}
	l.SetUnlinkOnClose(false)
	if err = os.Chmod(made, 0o600); err == nil {
		err = os.Rename(made, path)
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// unixSocket takes the socket's file away when it closes.
type unixSocket struct {
	*net.UnixListener
	path string
}

func (u *unixSocket) Close() error {
	err := u.UnixListener.Close()
	if gone := os.Remove(u.path); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// listen runs accept, which ends when l closes, on a goroutine of the server.
func (s *Server) listen(l interface{ Close() error }, accept func() error) error {
	s.gate.RLock()
	defer s.gate.RUnlock()
	if s.draining {
		return errors.Join(errDraining, l.Close())
	}
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	s.mu.Unlock()
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		if err := accept(); err != nil && !errors.Is(err, net.ErrClosed) {
			s.options.Logf("bridge: a listener ended: %v", err)
		}
	}()
	return nil
}
