SELECT größe, "a""b;
