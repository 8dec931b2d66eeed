# a key from a file is encrypted under a password that is typed twice
file key.txt 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff81'
run --suppress-bootwarn importraw '$HOME/key.txt'
screen 'Please enter a password for the imported account'
screen '> '
type a-long-enough-one
screen 'Please repeat the password you just entered'
screen '> '
type a-long-enough-one
screen 'Key imported:'
screen 'Address 0x'
exit 0
never 'a-long-enough'
