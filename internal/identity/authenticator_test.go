package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
)

// An authenticator is a device that makes passkeys, as a browser would hand us its
// answers. Its fields let a test make it lie.
type authenticator struct {
	t        testing.TB
	key      *ecdsa.PrivateKey
	id       []byte
	handle   []byte
	counter  uint32
	origin   string
	host     string
	verifies bool // it asks its holder who they are
}

const tidewell = "https://work.tidewell.example"

func newAuthenticator(t testing.TB) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	rand.Read(id)
	return &authenticator{t: t, key: key, id: id, origin: tidewell, host: "work.tidewell.example", verifies: true,
		counter: 1}
}

func (a *authenticator) bytes(v any, err error) []byte {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
	return v.([]byte)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) client(kind string, challenge []byte) []byte {
	a.t.Helper()
	b, err := json.Marshal(map[string]any{"type": kind, "challenge": b64(challenge), "origin": a.origin,
		"crossOrigin": false})
	return a.bytes(b, err)
}

func (a *authenticator) data(flags byte) []byte {
	sum := sha256.Sum256([]byte(a.host))
	flags |= 0x01 // somebody was there
	if a.verifies {
		flags |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(sum[:], flags), a.counter)
}

// makes answers a challenge to make a passkey.
func (a *authenticator) makes(c Challenge) Proof {
	a.t.Helper()
	o := c.Options.(protocol.PublicKeyCredentialCreationOptions)
	a.handle = o.User.ID.(protocol.URLEncodedBase64)
	public := webauthncose.EC2PublicKeyData{PublicKeyData: webauthncose.PublicKeyData{KeyType: 2, Algorithm: -7}, Curve: 1,
		XCoord: a.key.X.FillBytes(make([]byte, 32)), YCoord: a.key.Y.FillBytes(make([]byte, 32))}
	cose, err := webauthncbor.Marshal(public)
	data := append(a.data(0x40), make([]byte, 16)...)
	data = append(binary.BigEndian.AppendUint16(data, uint16(len(a.id))), a.id...)
	data = append(data, a.bytes(cose, err)...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	return a.proof(c, map[string]any{"clientDataJSON": b64(a.client("webauthn.create", o.Challenge)),
		"attestationObject": b64(a.bytes(object, err))})
}

// shows answers a challenge to show a passkey.
func (a *authenticator) shows(c Challenge) Proof {
	a.t.Helper()
	o := c.Options.(protocol.PublicKeyCredentialRequestOptions)
	a.counter++
	data, client := a.data(0), a.client("webauthn.get", o.Challenge)
	hash := sha256.Sum256(client)
	sum := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, sum[:])
	return a.proof(c, map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data),
		"signature": b64(a.bytes(signature, err)), "userHandle": b64(a.handle)})
}

func (a *authenticator) proof(c Challenge, response map[string]any) Proof {
	a.t.Helper()
	b, err := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key",
		"clientExtensionResults": map[string]any{}, "response": response})
	return Proof{Passkey: a.bytes(b, err), Challenge: c.Secret}
}

// at is a request to the website's address.
func at() *http.Request { return httptest.NewRequest("POST", tidewell+"/sign-in", nil) }
