// Chapter 11: memory in the update.
// Book: book/11-optimizers.md
int main() {}
