# a copy of a key is encrypted under a password of its own
run account export 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 '$HOME/copy.json'
screen 'Please enter the current password'
screen '> '
type password-0123456789
screen 'Please enter the new password'
screen '> '
type another-long-one
screen 'Please repeat the new password'
screen '> '
type another-long-one
screen 'An encrypted copy of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 is in /'
exit 0
never 'long-one'
never 'password-0123456789'
ledger 'cli account export'
