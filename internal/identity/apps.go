package identity

import (
	"bytes"
	"context"
	"crypto/subtle"
	"fmt"
	"image/png"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"kith/internal/kit/db"
)

// Apps that show a code of the minute (RFC 6238): six digits, a new one every 30 seconds.
const (
	appStep   = 30 // seconds
	appDrift  = 1  // steps that a clock may be off
	appDigits = otp.DigitsSix
	appImage  = 256 // pixels of the picture that an app reads, each way
)

// newAppKey makes the key that an app and we know of somebody.
func newAppKey(p Person, siteName string) (string, error) {
	k, err := totp.Generate(totp.GenerateOpts{Issuer: sender(siteName), AccountName: p.Email, Period: appStep,
		Digits: appDigits, SecretSize: 20})
	if err != nil {
		return "", fmt.Errorf("make an app's key: %w", err)
	}
	return k.URL(), nil
}

// appStepOf tells at which step an app shows a code, among those after the one that was
// used last and within what a clock may be off; 0 when at none.
func appStepOf(keyURL, code string, now time.Time, used int64) (int64, error) {
	k, err := otp.NewKeyFromURL(keyURL)
	if err != nil {
		return 0, fmt.Errorf("read an app's key: %w", err)
	}
	at := now.Unix() / appStep
	for step := at - appDrift; step <= at+appDrift; step++ {
		want, err := totp.GenerateCodeCustom(k.Secret(), time.Unix(step*appStep, 0), totp.ValidateOpts{Period: appStep,
			Digits: appDigits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, fmt.Errorf("work out an app's code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > used {
			return step, nil
		}
	}
	return 0, nil
}

// appPicture is the key as the picture that an app's camera reads.
func appPicture(keyURL string) ([]byte, error) {
	k, err := otp.NewKeyFromURL(keyURL)
	if err != nil {
		return nil, fmt.Errorf("read an app's key: %w", err)
	}
	img, err := k.Image(appImage, appImage)
	if err != nil {
		return nil, fmt.Errorf("draw an app's key: %w", err)
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}

// appWords is the key in groups of four, for who types it.
func appWords(keyURL string) string {
	k, err := otp.NewKeyFromURL(keyURL)
	if err != nil {
		return ""
	}
	var out []byte
	for i := range len(k.Secret()) {
		if i > 0 && i%4 == 0 {
			out = append(out, ' ')
		}
		out = append(out, k.Secret()[i])
	}
	return string(out)
}

// useApps looks for a code among a person's apps, and uses it up.
func (r *Room) useApps(ctx context.Context, q db.Q, all []Factor, code string) (bool, error) {
	if len(code) != appDigits.Length() {
		return false, nil
	}
	now := r.Now()
	for _, f := range all {
		if f.Kind != KindApp {
			continue
		}
		key, err := r.unsealed(factorPlace(f.ID), f.Record)
		if err != nil {
			return false, err
		}
		step, err := appStepOf(key, code, now, f.Counter)
		if err != nil {
			return false, err
		}
		if step == 0 {
			continue
		}
		ok, err := useFactor(ctx, q, f, step, f.Record, db.At(now))
		if err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}
