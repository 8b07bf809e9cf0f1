package main

func rows(i isa) {}
