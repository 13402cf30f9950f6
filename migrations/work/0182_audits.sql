-- What people call a round is a self-assessment; its history follows the name.
-- +goose Up
UPDATE audit_trail SET subject = 'self-assessment' WHERE subject = 'audit round';
