// A file is one room.
int a;
int b;
int c;
int d;
int e;
