# a wrong password is said before a new one is asked for, and after three the copy isn't made
run account export 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 '$HOME/copy.json'
screen 'Please enter the current password'
screen '> '
type a-slip-of-the-finger
screen 'Wrong password, 2 tries left.'
screen '> '
type a-slip-of-the-finger
screen 'Wrong password, 1 try left.'
screen '> '
type a-slip-of-the-finger
screen 'could not decrypt key with given password'
screen 'hint: nothing was changed; start again with the password of account 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
exit 1
never 'a-slip'
never 'Please enter the new password'
