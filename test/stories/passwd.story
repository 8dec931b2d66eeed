# a password is changed by a person who types the old one and, twice, the new one
run account passwd 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266
screen 'Please enter the current password of account 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
screen '> '
type password-012345678
screen 'Wrong password, 2 tries left.'
screen 'Please enter the current password'
screen '> '
type password-0123456789
screen 'Please enter the new password'
screen '(at least 10 printable ASCII characters)'
screen '> '
type a-long-enough-one
screen 'Please repeat the new password'
screen '> '
type a-long-enough-one
screen 'The password of 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 was changed'
screen 'Backups of the key file still open with the old password'
exit 0
never 'a-long-enough'
never 'password-0123456789'
ledger 'cli account passwd'
