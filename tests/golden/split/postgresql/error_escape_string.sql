SELECT E'never\'closed;
