-- Room training: bookings of which nothing became yet. There are few of them however
-- many years of history stand beside them, and Home asks for registers still to mark.
-- +goose Up
CREATE INDEX training_bookings_open ON training_bookings (session_id) WHERE status = 'booked';
