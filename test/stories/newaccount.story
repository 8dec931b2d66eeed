# a person types a new password twice, and it never shows
run --suppress-bootwarn newaccount
screen 'Please enter a password for the new account to be created (attempt 1 of 3)'
screen '(at least 10 printable ASCII characters)'
screen '> '
type short
screen 'password too short (<10 characters)'
screen 'attempt 2 of 3'
screen '> '
type a-long-enough-one
screen 'Please repeat the password'
screen '> '
type a-long-enough-two
screen 'Passwords do not match'
screen 'attempt 3 of 3'
screen '> '
type a-long-enough-one
screen 'Please repeat the password'
screen '> '
type a-long-enough-one
screen 'Generated account 0x'
exit 0
never 'a-long-enough'
