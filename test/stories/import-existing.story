# a key that is there already is not written a second time
file key.txt 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
run --suppress-bootwarn importraw '$HOME/key.txt'
screen '> '
type a-long-enough-one
screen 'Please repeat the password you just entered'
screen '> '
type a-long-enough-one
screen 'account 0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266 already exists'
exit 1
