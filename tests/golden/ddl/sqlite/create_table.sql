-- create table items

CREATE TABLE items (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    title VARCHAR(255) NOT NULL,
    "order" INTEGER DEFAULT 0,
    user_id INTEGER,
    created_at DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT uq_items_title UNIQUE (title, user_id),
    CONSTRAINT ck_items_order CHECK ("order" >= 0),
    CONSTRAINT fk_items_user_id FOREIGN KEY (user_id) REFERENCES ab_user (id) ON DELETE CASCADE
);

CREATE INDEX idx_items_title_order ON items (title, "order");

CREATE INDEX ix_items_user_id ON items (user_id);
