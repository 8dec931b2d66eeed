# a key that is there already is told before a password is asked for
file key.txt 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
run --suppress-bootwarn importraw '$HOME/key.txt'
screen 'account 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 already exists'
screen 'hint: cleft account show says where its key file is'
exit 1
never 'Please enter a password'
