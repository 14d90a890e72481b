"""Tiny programs in Python, C and bash, each with one line of explanation."""
from core import A, S, SYSTEMS, U, Ctx, user_style

NAMES = 'Ann Ben Carla Dan Emma Finn Greta Hugo Ida Jack'.split()
WD = 'hello apple river stone light music garden window tiger planet'.split()


def task(c):
    """(request, language, code, explanation)"""
    p = c.pick
    n, m, w = c.int(3, 20), c.int(2, 9), p(WD)
    a, b = p(['a b', 'x y', 'n m', 'first second', 'left right', 'one other']).split()
    xs = ', '.join(str(c.int(1, 50)) for _ in range(c.int(3, 6)))
    lst = p('numbers items values xs data'.split())
    f = p('number n value x'.split())
    msg = p(['Hello, world!', 'Hello!', 'Hello, %s!' % p(NAMES), 'Good morning!', 'Hi there!'])
    T = [
        ('a program that prints "%s"' % msg, 'python', 'print("%s")' % msg, 'The function `print` writes the text to the screen.'),
        ('a program that prints "%s"' % msg, 'c', '#include <stdio.h>\n\nint main(void) {\n    printf("%s\\n");\n    return 0;\n}' % msg, 'The program prints the text and ends.'),
        ('a program that prints "%s"' % msg, 'bash', 'echo "%s"' % msg, 'The command `echo` prints the text.'),
        ('a loop that counts from 1 to %d' % n, 'python', 'for i in range(1, %d):\n    print(i)' % (n + 1), 'The range ends before %d, so the last number is %d.' % (n + 1, n)),
        ('a loop that counts from 1 to %d' % n, 'c', '#include <stdio.h>\n\nint main(void) {\n    for (int i = 1; i <= %d; i++)\n        printf("%%d\\n", i);\n    return 0;\n}' % n, 'The loop runs while `i` is at most %d.' % n),
        ('a loop that counts from 1 to %d' % n, 'bash', 'for i in $(seq 1 %d); do\n    echo "$i"\ndone' % n, 'The command `seq` makes the numbers from 1 to %d.' % n),
        ('a loop that counts down from %d' % n, 'python', 'for i in range(%d, 0, -1):\n    print(i)' % n, 'The step -1 makes the loop count down to 1.'),
        ('a while loop that counts to %d' % n, 'python', 'i = 1\nwhile i <= %d:\n    print(i)\n    i += 1' % n, 'The loop ends when `i` is larger than %d.' % n),
        ('a function that adds two numbers', 'python', 'def add(%s, %s):\n    return %s + %s' % (a, b, a, b), 'It returns the sum of the two numbers.'),
        ('a function that adds two numbers', 'c', 'int add(int %s, int %s) {\n    return %s + %s;\n}' % (a, b, a, b), 'It returns the sum of two integers.'),
        ('a function that subtracts two numbers', 'python', 'def subtract(%s, %s):\n    return %s - %s' % (a, b, a, b), 'It returns the difference of the two numbers.'),
        ('a function that multiplies two numbers', 'python', 'def multiply(%s, %s):\n    return %s * %s' % (a, b, a, b), 'It returns the product of the two numbers.'),
        ('a function that multiplies two numbers', 'c', 'int multiply(int %s, int %s) {\n    return %s * %s;\n}' % (a, b, a, b), 'It returns the product of two integers.'),
        ('a function that returns the larger of two numbers', 'python', 'def larger(%s, %s):\n    if %s > %s:\n        return %s\n    return %s' % (a, b, a, b, a, b), 'It compares the two numbers and returns the larger one.'),
        ('a function that returns the larger of two numbers', 'c', 'int larger(int %s, int %s) {\n    return %s > %s ? %s : %s;\n}' % (a, b, a, b, a, b), 'The expression picks the larger of the two.'),
        ('a function that checks whether a number is even', 'python', 'def is_even(%s):\n    return %s %% 2 == 0' % (f, f), 'A number is even if it can be divided by 2 with no rest.'),
        ('a function that checks whether a number is even', 'c', 'int is_even(int %s) {\n    return %s %% 2 == 0;\n}' % (f, f), 'It returns 1 for even numbers and 0 for odd ones.'),
        ('a function that checks whether a number is odd', 'python', 'def is_odd(%s):\n    return %s %% 2 == 1' % (f, f), 'A number is odd if dividing by 2 leaves a rest of 1.'),
        ('a function that squares a number', 'python', 'def square(%s):\n    return %s * %s' % (f, f, f), 'It multiplies the number by itself.'),
        ('a function that doubles a number', 'c', 'int twice(int %s) {\n    return 2 * %s;\n}' % (f, f), 'It returns two times the number.'),
        ('code that sums a list', 'python', '%s = [%s]\nprint(sum(%s))' % (lst, xs, lst), 'The function `sum` adds up all the numbers.'),
        ('a function that sums a list with a loop', 'python', 'def total(%s):\n    result = 0\n    for x in %s:\n        result += x\n    return result' % (lst, lst), 'The loop adds each number to the result.'),
        ('a function that sums an array', 'c', 'int total(const int *%s, int n) {\n    int sum = 0;\n    for (int i = 0; i < n; i++)\n        sum += %s[i];\n    return sum;\n}' % (lst, lst), 'It adds the n numbers of the array.'),
        ('code that finds the largest number in a list', 'python', '%s = [%s]\nprint(max(%s))' % (lst, xs, lst), 'The function `max` returns the largest number.'),
        ('code that finds the smallest number in a list', 'python', '%s = [%s]\nprint(min(%s))' % (lst, xs, lst), 'The function `min` returns the smallest number.'),
        ('code that sorts a list', 'python', '%s = [%s]\n%s.sort()\nprint(%s)' % (lst, xs, lst, lst), 'The method `sort` puts the list in order.'),
        ('a function that reverses a string', 'python', 'def reverse(text):\n    return text[::-1]', 'The slice with step -1 goes through the text backwards.'),
        ('code that reverses the word "%s"' % w, 'python', 'print("%s"[::-1])' % w, 'It prints "%s".' % w[::-1]),
        ('code that prints the length of "%s"' % w, 'python', 'print(len("%s"))' % w, 'It prints %d, the number of letters.' % len(w)),
        ('code that prints "%s" in capital letters' % w, 'python', 'print("%s".upper())' % w, 'It prints "%s".' % w.upper()),
        ('a loop that prints each letter of "%s"' % w, 'python', 'for letter in "%s":\n    print(letter)' % w, 'The loop takes one letter after another.'),
        ('code that prints "%s" %d times' % (w, m), 'python', 'for _ in range(%d):\n    print("%s")' % (m, w), 'The loop runs %d times.' % m),
        ('fizzbuzz', 'python', 'for i in range(1, %d):\n    if i %% 15 == 0:\n        print("FizzBuzz")\n    elif i %% 3 == 0:\n        print("Fizz")\n    elif i %% 5 == 0:\n        print("Buzz")\n    else:\n        print(i)' % (p([16, 21, 31, 51, 101])), 'Numbers that can be divided by 3 and 5 become FizzBuzz.'),
        ('code that reads a file', 'python', 'with open("%s.txt") as file:\n    print(file.read())' % w, 'The file is closed at the end of the `with` block.'),
        ('code that writes to a file', 'python', 'with open("%s.txt", "w") as file:\n    file.write("Hello\\n")' % w, 'The mode "w" opens the file for writing.'),
        ('code that reads a file line by line', 'python', 'with open("%s.txt") as file:\n    for line in file:\n        print(line.strip())' % w, 'The loop prints one line after another.'),
        ('a command that shows a file', 'bash', 'cat %s.txt' % w, 'The command `cat` prints the content of the file.'),
        ('a command that lists all files', 'bash', 'ls -l', 'The option `-l` shows the details of each file.'),
        ('a command that counts the lines of a file', 'bash', 'wc -l %s.txt' % w, 'The option `-l` counts lines.'),
        ('a command that searches for "%s" in a file' % w, 'bash', 'grep "%s" notes.txt' % w, 'It prints every line that contains the word.'),
        ('a command that makes a directory', 'bash', 'mkdir %s' % w, 'It makes a new directory called %s.' % w),
        ('a command that copies a file', 'bash', 'cp %s.txt copy.txt' % w, 'The first name is the source, and the second is the target.'),
        ('a command that renames a file', 'bash', 'mv %s.txt new.txt' % w, 'The command `mv` moves or renames a file.'),
        ('an if statement', 'python', 'x = %d\nif x > %d:\n    print("large")\nelse:\n    print("small")' % (n, m), 'It prints "%s", because %d is %s than %d.' % ('large', n, 'larger', m) if n > m else 'It prints "small", because %d is not larger than %d.' % (n, m)),
        ('an if statement', 'bash', 'if [ "$1" -gt %d ]; then\n    echo "large"\nelse\n    echo "small"\nfi' % m, 'It compares the first argument with %d.' % m),
        ('a factorial function', 'python', 'def factorial(n):\n    result = 1\n    for i in range(2, n + 1):\n        result *= i\n    return result', 'It multiplies all numbers from 1 to n.'),
        ('a function for Fibonacci numbers', 'python', 'def fibonacci(n):\n    a, b = 0, 1\n    for _ in range(n):\n        a, b = b, a + b\n    return a', 'Each number is the sum of the two before it.'),
        ('a function that counts vowels', 'python', 'def count_vowels(text):\n    return sum(1 for letter in text.lower() if letter in "aeiou")', 'It counts the letters a, e, i, o and u.'),
        ('a function that computes an average', 'python', 'def average(%s):\n    return sum(%s) / len(%s)' % (lst, lst, lst), 'It divides the sum by how many numbers there are.'),
        ('a small dictionary', 'python', 'ages = {"%s": %d, "%s": %d}\nprint(ages["%s"])' % (NAMES[0], n, NAMES[3], m + 20, NAMES[0]), 'It prints %d, the age of %s.' % (n, NAMES[0])),
        ('code that asks for a name', 'python', 'name = input("What is your name? ")\nprint("Hello, " + name + "!")', 'The function `input` waits for an answer.'),
        ('code that asks for a name', 'bash', 'read -p "What is your name? " name\necho "Hello, $name!"', 'The command `read` stores the answer in a variable.'),
        ('a list of squares', 'python', 'squares = [x * x for x in range(%d)]\nprint(squares)' % m, 'It makes a list of the first %d squares, starting with 0.' % m),
        ('a function that checks for a palindrome', 'python', 'def is_palindrome(word):\n    return word == word[::-1]', 'A palindrome reads the same in both directions.'),
        ('code that converts Celsius to Fahrenheit', 'python', 'def to_fahrenheit(celsius):\n    return celsius * 9 / 5 + 32', 'It multiplies by 9/5 and adds 32.'),
        ('a times table of %d' % m, 'python', 'for i in range(1, 11):\n    print(i, "x", %d, "=", i * %d)' % (m, m), 'It prints ten lines, one for each product.'),
        ('a random number', 'python', 'import random\n\nprint(random.randint(1, %d))' % n, 'It prints a random number from 1 to %d.' % n),
    ]
    return p(T)


L = {'python': 'Python', 'c': 'C', 'bash': 'bash'}
FORMS = ['Write {r} in {l}.', 'Show me {r} in {l}.', 'Can you write {r} in {l}?', 'Please write {r} in {l}.', '{l}: {r}', 'How do I write {r} in {l}?', 'I need {r} in {l}.', 'Give me {r} in {l}.', 'Write {r} using {l}.', 'An example of {r} in {l}, please.', '{r} in {l}']


def dialogue(rng):
    c = Ctx(rng)
    msgs = [S(c.pick(SYSTEMS + ['You help with small programs.']))] if c.chance(0.14) else []
    for _ in range(c.pick([1, 1, 2, 2, 3])):
        r, lang, code, ex = task(c)
        q = c.pick(FORMS).replace('{r}', r).replace('{l}', L[lang])
        q = q[0].upper() + q[1:]
        block = '```%s\n%s\n```' % (lang, code)
        s = c.rnd()
        a = (block + '\n\n' + ex) if s < 0.6 else (ex + '\n\n' + block) if s < 0.72 else (c.pick(['Here it is:', 'Here is an example:', 'Like this:', 'In %s:' % L[lang]]) + '\n\n' + block + '\n\n' + ex) if s < 0.9 else block
        msgs += [U(user_style(rng, q, typos=False) if '"' not in q else q), A(a)]
        if c.chance(0.2):
            msgs += [U(user_style(rng, c.pick(['What does it do?', 'Can you explain it?', 'How does it work?', 'Explain, please.']))), A(ex)]
        elif c.chance(0.1):
            msgs += [U(user_style(rng, c.pick(['Thanks!', 'Thank you, that helps.', 'Nice.']))), A(c.pick(["You're welcome! Please test it before you rely on it.", 'You are welcome. I can make mistakes, so try it out first.', 'Glad to help.']))]
    return msgs
