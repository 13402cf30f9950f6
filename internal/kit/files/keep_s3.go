package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// A Bucket is a Keep in a bucket of an S3 service. Names begin with its prefix.
type Bucket struct {
	client *minio.Client
	bucket string
	prefix string
}

var _ Keep = (*Bucket)(nil)

// ErrAddress is returned for an address of files that cannot be one.
var ErrAddress = errors.New("the address of the files has the form https://KEY:SECRET@HOST/BUCKET, " +
	"with a path in the bucket after it and ?region=REGION if they are needed")

// ParseBucket reads https://KEY:SECRET@HOST/BUCKET/PREFIX?region=REGION. Over http://
// contents are not encrypted on their way: it is for a service on the same machine.
func ParseBucket(address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User == nil {
		return nil, ErrAddress // an address has a secret, which no message repeats
	}
	secret, _ := u.User.Password()
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" || secret == "" || u.User.Username() == "" {
		return nil, ErrAddress
	}
	client, err := minio.New(u.Host, &minio.Options{Secure: u.Scheme == "https", Region: u.Query().Get("region"),
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), MaxRetries: 3,
		// An address of its own for each bucket needs names that a service in the house rarely has.
		BucketLookup: minio.BucketLookupPath})
	if err != nil {
		return nil, ErrAddress
	}
	if prefix != "" {
		prefix += "/"
	}
	return &Bucket{client: client, bucket: bucket, prefix: prefix}, nil
}

// under gives the part of a bucket that belongs to one installation.
func (b *Bucket) under(installation string) *Bucket {
	return &Bucket{client: b.client, bucket: b.bucket, prefix: b.prefix + installation + "/"}
}

// Put implements Keep.
func (b *Bucket) Put(ctx context.Context, name string, from io.ReaderAt, size int64) error {
	// One part after the other: the library would keep four of them in memory. TLS says that they
	// arrive whole, and the SHA-256 is in the store.
	_, err := b.client.PutObject(ctx, b.bucket, b.prefix+name, io.NewSectionReader(from, 0, size), size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: 16 << 20, NumThreads: 1,
			DisableContentSha256: true})
	if err != nil {
		return fmt.Errorf("keep a file in the bucket: %w", err)
	}
	return nil
}

// Open implements Keep.
func (b *Bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	object, err := b.client.GetObject(ctx, b.bucket, b.prefix+name, minio.GetObjectOptions{})
	if err == nil {
		_, err = object.Stat() // nothing is asked of the service before
	}
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return nil, errors.Join(ErrMissing, object.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("open a file in the bucket: %w", err)
	}
	return object, nil
}

// Remove implements Keep.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	err := b.client.RemoveObject(ctx, b.bucket, b.prefix+name, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return fmt.Errorf("remove a file from the bucket: %w", err)
	}
	return nil
}

// Each implements Keep.
func (b *Bucket) Each(ctx context.Context, before time.Time, f func(name string) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for object := range b.client.ListObjects(ctx, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if object.Err != nil {
			return fmt.Errorf("list the files in the bucket: %w", object.Err)
		}
		if !object.LastModified.Before(before) {
			continue
		}
		if err := f(strings.TrimPrefix(object.Key, b.prefix)); err != nil {
			return err
		}
	}
	return nil
}
