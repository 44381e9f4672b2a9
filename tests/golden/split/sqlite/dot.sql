SELECT $1;
 . 5;
